import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { boundOf, GOALS, judge } from '../../bench/goals.ts';

test('a goal is met from its bound on, in the direction that it has', () => {
  expect(judge({ ofCopy: 1.25, smallFirstOfCopy: 0.39, firstPageP95WhileImporting: 50, memory: 251 })).toEqual([
    ['ofCopy', { now: 1.25, goal: 1.25, isMet: true }],
    ['smallFirstOfCopy', { now: 0.39, goal: 0.4, isMet: false }],
    ['firstPageP95WhileImporting', { now: 50, goal: 50, isMet: true }],
    ['memory', { now: 251, goal: 250, isMet: false }],
  ]);
});

test('what was not measured is left out, and what came to nothing is not met', () => {
  const judged = judge({ ofCopy: undefined, otherPagesOfBarePg: Number.NaN, secondStart: Number.NaN });

  expect(judged).toEqual([
    ['otherPagesOfBarePg', { now: null, goal: 0.6, isMet: false }],
    ['secondStart', { now: null, goal: 2.5, isMet: false }],
  ]);
});

test('docs/performance.md lists the goals that the benchmarks print', async () => {
  const page = await readFile('docs/performance.md', 'utf8');
  const listed = [...page.matchAll(/^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|/gm)].map(([, ...cells]) => cells);

  const goals = Object.entries(GOALS).map(([name, goal]) => [name, goal.measure, boundOf(goal), goal.at]);
  expect(listed.map((cells) => cells.map((cell) => cell.replaceAll('`', '')))).toEqual(goals);
});
