import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { halvesOf } from '../../bench/rivals/line-ranges.ts';

const LONG = 'x'.repeat(200_000);

test.for([
  ['lines of one length', 'aa\nbb\ncc\ndd\n', ['aa\nbb\ncc\n', 'dd\n']],
  ['the middle within a line', 'a\nbbbbbbbb\nc\n', ['a\nbbbbbbbb\n', 'c\n']],
  ['a line longer than what is read at once', `a\n${LONG}\nb\n`, [`a\n${LONG}\n`, 'b\n']],
  ['a last line without an end', 'aa\nbb\ncc', ['aa\nbb\n', 'cc']],
  ['one line', 'aaaa\n', ['aaaa\n']],
  ['a last line of more than half', `a\n${LONG}\n`, [`a\n${LONG}\n`]],
  ['characters of several bytes', 'éé\nçç\nŁł\n漢字\n', ['éé\nçç\nŁł\n', '漢字\n']],
] as const)('a file is cut in halves behind a line: %s', async ([, text, parts]) => {
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-halves-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'rows.csv');
  await writeFile(file, text);

  const halves = await halvesOf(file);

  const bytes = await readFile(file);
  expect(halves.map(({ start, end }) => bytes.subarray(start, end + 1).toString())).toEqual(parts);
});
