import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { rejectedRow, validRow } from '../../test/ledger.ts';
import { writeRows } from '../row-writes/write-rows.ts';
import { recordDeadRows } from './dead-letters.ts';
import { type FailedRow, readFailedRows } from './read-failed-rows.ts';

const UPLOAD = '019a0000-0000-7000-8000-000000000001';
const OTHER = '019a0000-0000-7000-8000-000000000002';

test('the failed rows of an upload come in order of line, all of them, of the outcomes that are asked for', async () => {
  const { database } = await setupDatabase();
  const rejected = Array.from({ length: 1001 }, (_, index) => rejectedRow({ uploadId: UPLOAD, line: 2 + index * 2 }));
  await writeRows(database, [validRow({ uploadId: UPLOAD, line: 5000 })], rejected.toReversed());
  await writeRows(database, [], [rejectedRow({ uploadId: OTHER, line: 4 })]);
  const { employee } = validRow({ uploadId: UPLOAD, line: 3 });
  await recordDeadRows(database, [{ messageId: 'm', uploadId: UPLOAD, line: 3, attempts: 5, raw: employee }]);

  const rows = async (...outcomes: ('rejected' | 'dead')[]) => {
    const found: FailedRow[] = [];
    for await (const row of readFailedRows(database, UPLOAD, outcomes)) found.push(row);
    return found;
  };

  const rejectedLines = rejected.map(({ line }) => line);
  expect((await rows('rejected')).map(({ line }) => line)).toEqual(rejectedLines);
  expect((await rows('rejected', 'dead')).map(({ line }) => line)).toEqual([2, 3, ...rejectedLines.slice(1)]);
  expect(await rows('dead')).toEqual([
    { line: 3, raw: employee, errors: [expect.objectContaining({ code: 'delivery_failed' })] },
  ]);
});
