import { anUpload, setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { rejectedRow, validRow } from '../../test/ledger.ts';
import { facts } from '../../test/uploads.ts';
import type { Database } from '../connection/connect.ts';
import { writeRows } from '../row-writes/write-rows.ts';
import { startUpload } from '../uploads/reading-progress.ts';
import { listFailedRows } from './list-failed-rows.ts';
import { readSupersededRows, type SupersededRow } from './read-failed-rows.ts';

const MARCH = '019a0000-0000-7000-8000-000000000001';
const APRIL = '019a0000-0000-7000-8000-000000000002';

async function setupUploads() {
  const { database } = await setupDatabase();
  for (const [id, fileName] of [
    [MARCH, 'march.csv'],
    [APRIL, 'april.csv'],
  ] as const)
    await startUpload(database, anUpload({ id, fileName }), facts(1));
  const row = (uploadId: string, line: number, name: string) =>
    validRow({
      uploadId,
      line,
      receivedAtMicros: uploadId === MARCH ? 1 : 2,
      employee_name: `${name} ${line}`,
      email: `${name}@x.org`,
    });
  return { database, row };
}

async function readAll(database: Database, uploadId: string): Promise<SupersededRow[]> {
  const rows: SupersededRow[] = [];
  for await (const row of readSupersededRows(database, uploadId)) rows.push(row);
  return rows;
}

const ALL = { limit: 100, offset: 0 };

test('superseded rows are listed with their values and the row that the employee has now, of this file or of a newer one', async () => {
  const { database, row } = await setupUploads();
  await writeRows(
    database,
    [row(MARCH, 2, 'ann'), row(MARCH, 3, 'ann'), row(MARCH, 4, 'gone'), row(MARCH, 5, 'gone')],
    [],
  );
  await writeRows(database, [row(APRIL, 7, 'bob')], [rejectedRow({ uploadId: MARCH, line: 9 })]);
  await writeRows(database, [row(MARCH, 6, 'bob')], []);
  await database.raw("delete from employees where email = 'gone@x.org'");

  const listed = await listFailedRows(database, { uploadId: MARCH, outcome: 'superseded' }, ALL);

  const bySameFile = { uploadId: MARCH, fileName: 'march.csv', line: 3 };
  const byNewerFile = { uploadId: APRIL, fileName: 'april.csv', line: 7 };
  expect(listed).toMatchObject({
    total: 3,
    rows: [
      { line: 2, outcome: 'superseded', raw: row(MARCH, 2, 'ann').employee, errors: [], superseded_by: bySameFile },
      { line: 4, raw: row(MARCH, 4, 'gone').employee, superseded_by: null },
      { line: 6, raw: row(MARCH, 6, 'bob').employee, superseded_by: byNewerFile },
    ],
  });
  expect(await readAll(database, MARCH)).toEqual([
    { line: 2, raw: row(MARCH, 2, 'ann').employee, supersededBy: bySameFile },
    { line: 4, raw: row(MARCH, 4, 'gone').employee, supersededBy: null },
    { line: 6, raw: row(MARCH, 6, 'bob').employee, supersededBy: byNewerFile },
  ]);
});

test('the row that won is the one that the employee has now', async () => {
  const { database, row } = await setupUploads();
  await writeRows(database, [row(MARCH, 2, 'ann'), row(MARCH, 3, 'ann')], []);
  await writeRows(database, [row(APRIL, 8, 'ann')], []);

  const { rows } = await listFailedRows(database, { uploadId: undefined, outcome: 'superseded' }, ALL);

  expect(rows).toMatchObject([{ upload_id: MARCH, line: 2, superseded_by: { uploadId: APRIL, line: 8 } }]);
});

test('superseded rows come when they are asked for, and only then', async () => {
  const { database, row } = await setupUploads();
  await writeRows(database, [row(MARCH, 2, 'ann'), row(MARCH, 3, 'ann')], [rejectedRow({ uploadId: MARCH, line: 4 })]);

  const linesOf = async (outcome: 'rejected' | 'superseded' | undefined) => {
    const { rows, total } = await listFailedRows(database, { uploadId: undefined, outcome }, ALL);
    expect(total).toBe(rows.length);
    return rows.map(({ line }) => line);
  };

  expect(await linesOf(undefined)).toEqual([4]);
  expect(await linesOf('rejected')).toEqual([4]);
  expect(await linesOf('superseded')).toEqual([2]);
});

test('more superseded rows than a page come page by page, each once and in order', async () => {
  const { database, row } = await setupUploads();
  const rows = Array.from({ length: 450 }, (_, index) => row(MARCH, index + 2, 'ann'));
  await writeRows(database, rows, []);

  const lines = rows.slice(0, -1).map(({ line }) => line);
  expect((await readAll(database, MARCH)).map(({ line }) => line)).toEqual(lines);
  const page = await listFailedRows(database, { uploadId: MARCH, outcome: 'superseded' }, { limit: 50, offset: 400 });
  expect(page).toMatchObject({ total: 449 });
  expect(page.rows.map(({ line }) => line)).toEqual(lines.slice(400));
});
