import type { Warning } from '@rowferry/roster';
import { anUpload, setupDatabase, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { rejectedRow, validRow } from '../../test/ledger.ts';
import { facts, STORED } from '../../test/uploads.ts';
import { writeRows } from '../row-writes/write-rows.ts';
import { findUpload } from './find-upload.ts';
import { failUpload, finishSegment, startUpload } from './reading-progress.ts';
import { openUpload, receiveUpload } from './receive-upload.ts';

test('an upload goes from receiving to completed, and each step keeps the values of those before', async () => {
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

test('the same steps in another order, or repeated, have the same result', async () => {
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

test('warnings of the file and of each segment are kept once, in the order of the segments', async () => {
  const { database } = await setupDatabase();
  const upload = anUpload();
  const uploadId = upload.id;
  const warning = (lines: number[]): Warning[] => [
    { code: 'html_entities', column: 'employee_name', text: 'signs', count: lines.length, lines },
  ];
  for (let time = 0; time < 2; time++) {
    await finishSegment(database, { uploadId, segment: 2, rows: 1, warnings: warning([9]) });
    await finishSegment(database, { uploadId, segment: 1, rows: 1, warnings: [] });
    await startUpload(database, upload, { ...facts(3), warnings: warning([1]) });
    await finishSegment(database, { uploadId, segment: 0, rows: 1, warnings: warning([2, 3]) });
  }
  const without = anUpload();
  await startUpload(database, without, facts(1));
  await finishSegment(database, { uploadId: without.id, segment: 0, rows: 1 });

  expect(await findUpload(database, uploadId)).toMatchObject({
    warnings: warning([1]),
    segment_warnings: [warning([2, 3]), warning([9])],
  });
  expect(await findUpload(database, without.id)).toMatchObject({ warnings: null, segment_warnings: null });
});

test('recorded at the same time, the start and the ends of segments still make a total, also of an unknown upload', async () => {
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

test('a file that cannot be read has failed, with the reason; recording it again, or too late, changes nothing', async () => {
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
