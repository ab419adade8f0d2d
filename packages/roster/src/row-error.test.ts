import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ROW_ERROR_CODES } from './row-error-codes.ts';

test('docs/row-errors.md lists every reason for which a row is rejected, and what to do', async () => {
  const text = await readFile(new URL('../../../docs/row-errors.md', import.meta.url), 'utf8');

  const rows = [...text.matchAll(/^\| `(\w+)` \|.*\| (.*) \|$/gm)];

  expect(rows.map(([, code]) => code)).toEqual([...ROW_ERROR_CODES]);
  for (const [, , remedy = ''] of rows) expect(remedy.length).toBeGreaterThan(20);
});
