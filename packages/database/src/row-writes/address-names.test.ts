import { anUpload, setupDatabase, someFacts } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { sharedOf, validRow, warningCountsOf } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { recordDeadRows } from '../failed-rows/dead-letters.ts';
import { redriveDeadRows } from '../failed-rows/redrive.ts';
import { markCompletedUploads } from '../uploads/completed-uploads.ts';
import { finishSegment, startUpload } from '../uploads/reading-progress.ts';
import { writeRows } from './write-rows.ts';

const FIRST = '019a0000-0000-7000-8000-000000000001';
const SECOND = '019a0000-0000-7000-8000-000000000002';

/** A row on one address, the same for all. */
function row(uploadId: string, line: number, employee_name: string) {
  return validRow({ uploadId, line, employee_name, receivedAtMicros: uploadId === FIRST ? 1 : 2, email: 'yard@x.org' });
}

/** An upload of so many rows that was read to its end. */
async function startedUpload(database: Database, id: string, rows: number): Promise<void> {
  await startUpload(database, anUpload({ id }), someFacts());
  await finishSegment(database, { uploadId: id, segment: 0, rows });
}

async function mark(database: Database): Promise<string[]> {
  const marked: string[] = [];
  for await (const page of markCompletedUploads(database)) marked.push(...page.map(({ id }) => id));
  return marked;
}

test('several names on one address of a file are one shared address, in whatever batches and order they come', async () => {
  const rows = [row(FIRST, 2, 'Abe'), row(FIRST, 3, 'Bea'), row(FIRST, 4, 'Cy'), row(FIRST, 5, 'Abe')];
  const other = validRow({ uploadId: FIRST, line: 6, employee_name: 'Dot', email: 'dot@x.org' });
  for (const batches of [
    [[...rows, other]],
    rows.map((each) => [each, other]),
    rows.toReversed().map((each) => [each]),
  ]) {
    const { database } = await setupDatabase();

    for (const batch of batches) await writeRows(database, batch, []);
    for (const batch of batches) await writeRows(database, batch, []);

    expect(await sharedOf(database)).toEqual({ [FIRST]: { 'yard@x.org': { Abe: 2, Bea: 3, Cy: 4 } } });
    expect(await warningCountsOf(database)).toEqual({ [FIRST]: [0, 1] });
  }
});

test('one name twice on an address is not shared', async () => {
  const { database } = await setupDatabase();
  await writeRows(database, [row(FIRST, 2, 'Abe'), row(FIRST, 3, 'Abe')], []);
  await writeRows(database, [row(FIRST, 4, 'Abe')], []);

  expect(await sharedOf(database)).toEqual({});
  expect(await warningCountsOf(database)).toEqual({});
});

test('of many names on one address the first ten by line are kept', async () => {
  const { database } = await setupDatabase();
  const rows = Array.from({ length: 25 }, (_, index) => row(FIRST, index + 2, `Name ${index + 2}`));
  const shuffled = [...rows.slice(12), ...rows.slice(0, 12).toReversed()];
  for (const start of [0, 7, 14, 21]) await writeRows(database, shuffled.slice(start, start + 7), []);

  const expected = Object.fromEntries(rows.slice(0, 10).map(({ line }) => [`Name ${line}`, line]));
  expect(await sharedOf(database)).toEqual({ [FIRST]: { 'yard@x.org': expected } });
  expect(await warningCountsOf(database)).toEqual({ [FIRST]: [0, 1] });
});

test('a line that comes after a newer file has written the employee still meets the earlier lines of its own file', async () => {
  const { database } = await setupDatabase();
  await startedUpload(database, FIRST, 2);
  await writeRows(database, [row(FIRST, 2, 'Abe')], []);
  await writeRows(database, [row(SECOND, 2, 'Zed')], []);

  await writeRows(database, [row(FIRST, 3, 'Bea')], []);

  expect(await sharedOf(database)).toEqual({ [FIRST]: { 'yard@x.org': { Abe: 2, Bea: 3 } } });
  expect(await warningCountsOf(database)).toEqual({ [FIRST]: [0, 1], [SECOND]: [1, 0] });
});

test('of the rows of a complete file that a newer one overwrites nothing is recorded', async () => {
  const { database } = await setupDatabase();
  await startedUpload(database, FIRST, 1);
  await writeRows(database, [row(FIRST, 2, 'Abe')], []);
  expect(await mark(database)).toEqual([FIRST]);

  await writeRows(database, [row(SECOND, 2, 'Zed')], []);

  const { rows } = await database.raw('select upload_id from address_names');
  expect(rows).toEqual([]);
});

test('a dead row that is redriven after a newer file has written the employee meets the lines of its own file', async () => {
  const { database } = await setupDatabase();
  await startedUpload(database, FIRST, 2);
  await writeRows(database, [row(FIRST, 2, 'Abe')], []);
  const late = row(FIRST, 3, 'Bea');
  await recordDeadRows(database, [{ messageId: 'm', uploadId: FIRST, line: 3, attempts: 5, raw: late.employee }]);
  expect(await mark(database)).toEqual([FIRST]);
  await writeRows(database, [row(SECOND, 2, 'Zed')], []);

  await redriveDeadRows(database, FIRST, async () => {});
  await writeRows(database, [late], []);

  expect(await sharedOf(database)).toEqual({ [FIRST]: { 'yard@x.org': { Abe: 2, Bea: 3 } } });
});
