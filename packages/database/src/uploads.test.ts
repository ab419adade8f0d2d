import type { SourceObject } from '@rowferry/messages';
import { anUpload, setupDatabase, someFacts, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { rejectedRow, validRow } from '../test/ledger.ts';
import type { Database } from './connection.ts';
import {
  discardUpload,
  failUpload,
  findUnreadUploads,
  findUpload,
  finishSegment,
  listUploads,
  markUploadEnqueued,
  openUpload,
  receiveUpload,
  startUpload,
} from './uploads.ts';
import { writeRows } from './write-rows.ts';

const STORED = { sizeBytes: 1000, sha256: 'ab'.repeat(32), etag: 'e7a9' };

function facts(segments: number) {
  const detected = { delimiter: ';', encoding: 'utf-8', bom: true, header: true };
  return someFacts({ segments, detected, ignoredColumns: ['Gehalt'] });
}

async function statusOf(database: Database, id: string) {
  const upload = await findUpload(database, id);
  return upload?.status;
}

test('an upload goes from receiving to completed, and each step keeps what the ones before said', async () => {
  const { database } = await setupDatabase();
  const upload = anUpload();
  const { id } = upload;

  await openUpload(database, upload);
  expect(await findUpload(database, id)).toMatchObject({
    status: 'receiving',
    file_name: 'staff.csv',
    size_bytes: null,
  });
  await receiveUpload(database, id, STORED);
  expect(await findUpload(database, id)).toMatchObject({ status: 'received', size_bytes: 1000, total_rows: null });
  const received = await findUpload(database, id);
  await startUpload(database, { ...upload, fileName: 'of the key.csv' }, facts(2));
  await writeRows(database, [validRow({ uploadId: id, line: 2 })], []);
  await finishSegment(database, { uploadId: id, segment: 0, rows: 1 });
  expect(await findUpload(database, id)).toMatchObject({
    status: 'processing',
    file_name: 'staff.csv',
    received_at: received?.received_at,
    detected: { delimiter: ';', bom: true },
    ignored_columns: ['Gehalt'],
    recorded: 1,
    total_rows: null,
    finished_at: null,
  });
  await finishSegment(database, { uploadId: id, segment: 1, rows: 1 });
  expect(await findUpload(database, id)).toMatchObject({ status: 'processing', total_rows: 2, recorded: 1 });
  await writeRows(database, [validRow({ uploadId: id, line: 3, email: 'b@x.org' })], []);

  expect(await findUpload(database, id)).toMatchObject({
    status: 'completed',
    total_rows: 2,
    recorded: 2,
    inserted: 2,
    finished_at: expect.any(Date),
  });
});

test('one rejected row makes an upload completed with errors', async () => {
  const { database } = await setupDatabase();
  const upload = anUpload();
  await startUpload(database, upload, facts(1));
  await writeRows(
    database,
    [validRow({ uploadId: upload.id, line: 2 })],
    [rejectedRow({ uploadId: upload.id, line: 3 })],
  );
  await finishSegment(database, { uploadId: upload.id, segment: 0, rows: 2 });

  expect(await findUpload(database, upload.id)).toMatchObject({
    status: 'completed_with_errors',
    inserted: 1,
    rejected: 1,
  });
});

test('what is told in another order, or again, comes to the same', async () => {
  const { database } = await setupDatabase();
  const upload = anUpload();
  const uploadId = upload.id;
  const steps = [
    () => startUpload(database, upload, facts(2)),
    () => finishSegment(database, { uploadId, segment: 0, rows: 1 }),
    () => finishSegment(database, { uploadId, segment: 1, rows: 1 }),
    () => writeRows(database, [validRow({ uploadId, line: 2 })], []),
    () => writeRows(database, [validRow({ uploadId, line: 3, email: 'b@x.org' })], []),
  ];
  for (const step of [...steps.toReversed(), ...steps]) await step();

  expect(await findUpload(database, uploadId)).toMatchObject({ status: 'completed', total_rows: 2, inserted: 2 });
});

test('told at the same time, the start and the ends of segments still make a total, also of an upload nobody knew', async () => {
  const { database } = await setupDatabase();
  const upload = anUpload();
  const started = await database.transaction();
  await startUpload(started, upload, facts(1));

  const finishing = finishSegment(database, { uploadId: upload.id, segment: 0, rows: 0 });
  await Promise.race([finishing, untilOneWaits(database)]);
  await started.commit();
  await finishing;

  expect(await findUpload(database, upload.id)).toMatchObject({ status: 'completed', total_rows: 0 });
});

test('many segments that end at the same time add up', async () => {
  const { database } = await setupDatabase();
  const upload = anUpload();
  const segments = Array.from({ length: 40 }, (_, segment) => segment);

  await Promise.all([
    ...segments.map((segment) => finishSegment(database, { uploadId: upload.id, segment, rows: segment })),
    startUpload(database, upload, facts(segments.length)),
    startUpload(database, upload, facts(segments.length)),
  ]);

  expect(await findUpload(database, upload.id)).toMatchObject({ total_rows: 780 });
});

test('a file that cannot be read has failed, with the reason; told again, or too late, nothing changes', async () => {
  const { database } = await setupDatabase();
  const failure = { code: 'empty_file' as const, detail: 'The file is empty.' };
  const failed = anUpload();
  await failUpload(database, failed, failure);
  const before = await findUpload(database, failed.id);
  await failUpload(database, failed, { code: 'internal', detail: 'Something else.' });
  const read = anUpload();
  await startUpload(database, read, facts(1));
  await finishSegment(database, { uploadId: read.id, segment: 0, rows: 0 });
  await failUpload(database, read, failure);

  expect(before).toMatchObject({ status: 'failed', failure, finished_at: expect.any(Date) });
  expect(await findUpload(database, failed.id)).toEqual(before);
  expect(await findUpload(database, read.id)).toMatchObject({ status: 'completed', failure: null });
});

test('an upload of which nothing was kept is taken back; one that was received or read is not', async () => {
  const { database } = await setupDatabase();
  const [broken, received, read] = [anUpload(), anUpload(), anUpload()];
  for (const upload of [broken, received, read]) await openUpload(database, upload);
  await receiveUpload(database, received.id, STORED);
  await startUpload(database, read, facts(1));

  for (const { id } of [broken, received, read]) await discardUpload(database, id);

  expect(await findUpload(database, broken.id)).toBeUndefined();
  expect(await statusOf(database, received.id)).toBe('received');
  expect(await statusOf(database, read.id)).toBe('processing');
});

test('an upload that does not move for an hour has stalled, until it moves again', async () => {
  const { database } = await setupDatabase();
  const [received, processing] = [anUpload(), anUpload()];
  for (const upload of [received, processing]) {
    await openUpload(database, upload);
    await receiveUpload(database, upload.id, STORED);
  }
  await startUpload(database, processing, facts(1));
  const statuses = async () => Promise.all([received, processing].map(({ id }) => statusOf(database, id)));
  const minutesPass = (minutes: number) =>
    database.raw(
      `update uploads set received_at = received_at - :ago::interval, started_at = started_at - :ago::interval`,
      { ago: `${minutes} minutes` },
    );

  await minutesPass(59);
  expect(await statuses()).toEqual(['received', 'processing']);
  await minutesPass(2);
  expect(await statuses()).toEqual(['stalled', 'stalled']);
  await writeRows(database, [validRow({ uploadId: processing.id, line: 2 })], []);
  expect(await statuses()).toEqual(['stalled', 'processing']);
});

test('uploads are listed newest first, page by page, all of them or those of one status', async () => {
  const { database } = await setupDatabase();
  const uploads = Array.from({ length: 5 }, () => anUpload());
  for (const upload of uploads.toReversed()) await openUpload(database, upload);
  for (const { id } of uploads.slice(0, 2)) await receiveUpload(database, id, STORED);
  const newestFirst = uploads.map(({ id }) => id).toReversed();
  const idsOf = (page: Awaited<ReturnType<typeof listUploads>>) => page.uploads.map(({ id }) => id);

  const first = await listUploads(database, { limit: 3, offset: 0 });
  const second = await listUploads(database, { limit: 3, offset: 3 });
  const received = await listUploads(database, { limit: 10, offset: 0, status: 'received' });

  expect([...idsOf(first), ...idsOf(second)]).toEqual(newestFirst);
  expect([first.total, second.total]).toEqual([5, 5]);
  expect(idsOf(received)).toEqual(newestFirst.slice(3));
  expect(received.total).toBe(2);
});

test('unread are the uploads that nobody knows, and those that were not read to their end', async () => {
  const { database } = await setupDatabase();
  const [unknown, received, reading, read, failed] = [anUpload(), anUpload(), anUpload(), anUpload(), anUpload()];
  await openUpload(database, received);
  await receiveUpload(database, received.id, STORED);
  for (const upload of [reading, read]) await startUpload(database, upload, facts(1));
  await finishSegment(database, { uploadId: read.id, segment: 0, rows: 7 });
  await failUpload(database, failed, { code: 'not_csv', detail: 'A picture.' });

  const ids = [unknown, received, reading, read, failed].map(({ id }) => id);
  expect(await findUnreadUploads(database, ids)).toEqual(new Set(ids.slice(0, 3)));
});

test('an upload whose messages are all in the queues need not be read again, though none was handled yet', async () => {
  const { database } = await setupDatabase();
  const [handedOver, other] = [anUpload().id, anUpload().id];

  // Again, as by a worker that had not noticed that it leads no more.
  await markUploadEnqueued(database, handedOver);
  await markUploadEnqueued(database, handedOver);

  expect(await findUnreadUploads(database, [handedOver, other])).toEqual(new Set([other]));
});

/** An upload that the API knows without having seen its bytes, as when its parts went straight to S3. */
async function receivedUnseen(database: Database): Promise<SourceObject> {
  const upload = anUpload();
  await openUpload(database, upload);
  await receiveUpload(database, upload.id, { ...STORED, sha256: null });
  return upload;
}

async function duplicateOf(database: Database, { id }: SourceObject): Promise<string | null | undefined> {
  return (await findUpload(database, id))?.duplicate_of;
}

test('of a file that nobody has seen on the way, who reads it tells of which earlier upload it has the bytes', async () => {
  const { database } = await setupDatabase();
  const { sha256 } = STORED;
  const [first, second, other] = [
    await receivedUnseen(database),
    await receivedUnseen(database),
    await receivedUnseen(database),
  ];
  const put = anUpload({ key: 'uploads/put.csv' });

  await startUpload(database, first, { ...facts(1), sha256 });
  await startUpload(database, second, { ...facts(1), sha256 });
  await startUpload(database, other, { ...facts(1), sha256: 'cd'.repeat(32) });
  await startUpload(database, put, { ...facts(1), sha256 });

  expect(await duplicateOf(database, first)).toBe(null);
  expect(await duplicateOf(database, second)).toBe(first.id);
  expect(await duplicateOf(database, other)).toBe(null);
  expect(await duplicateOf(database, put)).toBe(second.id);
});

test('what the reader told of the bytes stays when the API hears only then that the file is there', async () => {
  const { database } = await setupDatabase();
  const { sha256 } = STORED;
  const first = await receivedUnseen(database);
  await startUpload(database, first, { ...facts(1), sha256 });
  const second = anUpload();
  await openUpload(database, second);
  await startUpload(database, second, { ...facts(1), sha256 });

  expect((await receiveUpload(database, second.id, { ...STORED, sha256: null }))?.duplicate_of).toBe(first.id);

  expect(await duplicateOf(database, second)).toBe(first.id);
});
