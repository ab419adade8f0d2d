import { anUpload, setupDatabase, someFacts, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { rejectedRow, validRow } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { recordDeadRows } from '../failed-rows/dead-letters.ts';
import { redriveDeadRows, rereadUpload } from '../failed-rows/redrive.ts';
import { ageOfOldestOpenUpload } from '../operations/statistics.ts';
import { writeRows } from '../row-writes/write-rows.ts';
import { markCompletedUploads } from './completed-uploads.ts';
import { UPLOAD_STATUSES } from './find-upload.ts';
import { listUploads } from './list-uploads.ts';
import { failUpload, finishSegment, startUpload } from './reading-progress.ts';
import { openUpload, receiveUpload } from './receive-upload.ts';

/** So that it is under way and not stalled. */
const recentUpload = () => anUpload({ receivedAt: new Date().toISOString() });

/** An upload that was read to its end, of so many rows. */
async function readUpload(database: Database, { rows }: { rows: number }): Promise<string> {
  const upload = recentUpload();
  await startUpload(database, upload, someFacts());
  await finishSegment(database, { uploadId: upload.id, segment: 0, rows });
  return upload.id;
}

async function landRow(database: Database, uploadId: string): Promise<void> {
  await writeRows(database, [validRow({ uploadId, line: 2 })], []);
}

async function dieRow(database: Database, uploadId: string): Promise<void> {
  const { employee } = validRow({ uploadId, line: 2 });
  await recordDeadRows(database, [{ messageId: uploadId, uploadId, line: 2, attempts: 5, raw: employee }]);
}

/** @returns the ids of the uploads that were marked. */
async function mark(database: Database): Promise<string[]> {
  const marked: string[] = [];
  for await (const uploads of markCompletedUploads(database)) marked.push(...uploads.map(({ id }) => id));
  return marked;
}

async function isMarked(database: Database, id: string): Promise<boolean> {
  const { rows } = await database.raw<{ rows: { marked_completed_at: Date | null }[] }>(
    'select marked_completed_at from uploads where id = ?',
    [id],
  );
  return rows[0]?.marked_completed_at != null;
}

async function idsByStatus(database: Database) {
  const entries: [string, string[]][] = [];
  for (const status of UPLOAD_STATUSES) {
    const { uploads, total } = await listUploads(database, { limit: 100, offset: 0, status });
    expect(uploads.map((upload) => upload.status)).toEqual(Array(total).fill(status));
    entries.push([status, uploads.map(({ id }) => id)]);
  }
  return Object.fromEntries(entries);
}

test('complete uploads are marked, and the lists by status are the same before and after', async () => {
  const { database } = await setupDatabase();
  const [receiving, received, failed] = [recentUpload(), recentUpload(), recentUpload()];
  for (const upload of [receiving, received]) await openUpload(database, upload);
  await receiveUpload(database, received.id, { sizeBytes: 9, sha256: null, etag: null });
  await failUpload(database, failed, { code: 'not_csv', detail: 'A picture.' });
  const [completed, rejected, dead, stalled, processing] = [
    await readUpload(database, { rows: 1 }),
    await readUpload(database, { rows: 1 }),
    await readUpload(database, { rows: 1 }),
    await readUpload(database, { rows: 2 }),
    await readUpload(database, { rows: 1 }),
  ];
  await landRow(database, completed);
  await writeRows(database, [], [rejectedRow({ uploadId: rejected, line: 2 })]);
  await dieRow(database, dead);
  const empty = await readUpload(database, { rows: 0 });
  await database.raw(
    `update uploads set created_at = created_at - interval '2 hours', received_at = received_at - interval '2 hours', started_at = started_at - interval '2 hours',
       read_at = read_at - interval '2 hours' where id = :id`,
    { id: stalled },
  );
  await database.raw(`update upload_segments set finished_at = finished_at - interval '2 hours' where upload_id = ?`, [
    stalled,
  ]);

  const before = await idsByStatus(database);
  const newlyMarked = await mark(database);

  expect(before).toEqual({
    receiving: [receiving.id],
    received: [received.id],
    processing: [processing],
    completed: [empty, completed],
    completed_with_errors: [dead, rejected],
    stalled: [stalled],
    failed: [failed.id],
  });
  expect(newlyMarked.toSorted()).toEqual([completed, rejected, dead, empty].toSorted());
  expect(await mark(database)).toEqual([]);
  expect(await idsByStatus(database)).toEqual(before);
  const marked = await Promise.all(
    Object.values(before).map((ids) => Promise.all(ids.map((id) => isMarked(database, id)))),
  );
  expect(marked.flat()).toEqual([false, false, false, true, true, true, true, false, false]);
  expect(await ageOfOldestOpenUpload(database)).toBeGreaterThan(7000);
});

test('more uploads than one statement checks are marked, whatever is open between them', async () => {
  const { database } = await setupDatabase();
  await database.raw(
    `insert into uploads (id, bucket, object_key, file_name, total_rows, received_at, started_at)
     select gen_random_uuid(), 'bucket', n::text, 'staff.csv', n % 2, now(), now() from generate_series(1, 2500) n`,
  );

  await mark(database);

  const { rows } = await database.raw(
    'select total_rows, count(marked_completed_at) as marked from uploads group by 1 order by 1',
  );
  expect(rows).toEqual([
    { total_rows: 0, marked: 1250 },
    { total_rows: 1, marked: 0 },
  ]);
});

test('an upload that is redriven or read again is under way again', async () => {
  const { database } = await setupDatabase();
  const [redriven, reread] = [await readUpload(database, { rows: 1 }), await readUpload(database, { rows: 1 })];
  for (const id of [redriven, reread]) await dieRow(database, id);
  await mark(database);

  await redriveDeadRows(database, redriven, async () => {});
  await rereadUpload(database, reread, async () => {});
  expect(await mark(database)).toEqual([]);

  const { uploads } = await listUploads(database, { limit: 10, offset: 0, status: 'processing' });
  expect(uploads.map(({ id }) => id)).toEqual([reread, redriven]);
});

test('an upload that is redriven while it is checked is not marked', async () => {
  const { database } = await setupDatabase();
  const id = await readUpload(database, { rows: 1 });
  await dieRow(database, id);
  let settling: Promise<string[]> | undefined;

  await redriveDeadRows(database, id, async () => {
    // It counts the rows as they were before the redrive, and waits for the upload's row.
    settling = mark(database);
    await untilOneWaits(database);
  });
  await settling;

  expect(await isMarked(database, id)).toBe(false);
});

test('an upload that several processes see complete is marked by one of them, and again after a redrive', async () => {
  const { database } = await setupDatabase();
  const ids = await Promise.all(Array.from({ length: 20 }, () => readUpload(database, { rows: 1 })));
  for (const id of ids) await dieRow(database, id);

  const marked = await Promise.all(Array.from({ length: 4 }, () => mark(database)));

  expect(marked.flat().toSorted()).toEqual(ids.toSorted());
  const [redriven = ''] = ids;
  await redriveDeadRows(database, redriven, async () => {});
  await landRow(database, redriven);
  expect(await mark(database)).toEqual([redriven]);
});
