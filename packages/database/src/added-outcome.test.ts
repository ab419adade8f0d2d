import { OUTCOMES } from '@rowferry/roster';
import { expect, test } from 'vitest';

/** Names in a text that could be columns. */
function wordsOf(text: string): Set<string> {
  return new Set(text.match(/\w+/g));
}

test('a statement that names every outcome also names one that is added to the list', async () => {
  const before = [...OUTCOMES];
  // Before the statements are made, and in this file's process only: nothing else is imported here.
  Reflect.apply(Array.prototype.push, OUTCOMES, ['cancelled']);
  await import('./index.ts');
  const { STATEMENTS } = await import('./connection/query.ts');
  const statements = [...STATEMENTS].map(({ text }) => text);

  const naming = statements.filter((text) => before.every((outcome) => wordsOf(text).has(outcome)));

  expect(naming.filter((text) => !wordsOf(text).has('cancelled'))).toEqual([]);
  // Two find uploads, one lists them, one marks them as completed, two sum all, one sums those of a backfill, one merges rows.
  expect(naming).toHaveLength(8);
});
