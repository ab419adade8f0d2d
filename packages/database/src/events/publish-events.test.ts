import { type Event, newUploadId } from '@rowferry/messages';
import { anUpload, setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { facts } from '../../test/uploads.ts';
import type { Database } from '../connection/connect.ts';
import { failUpload, finishSegment, startUpload } from '../uploads/reading-progress.ts';
import { deleteExpiredEvents, measureOutbox, publishEvents } from './publish-events.ts';
import { recordEvent } from './record-event.ts';
import { recordStalledUploads } from './stalled-uploads.ts';

/** Takes all, and remembers them. */
function publisher() {
  const batches: Event[][] = [];
  const publish = async (events: readonly Event[]) => {
    batches.push([...events]);
    return new Set(events.map(({ id }) => id));
  };
  return { batches, publish };
}

/** So many events of one subject, told apart by their number of files. */
async function record(database: Database, subject: string, count: number): Promise<void> {
  for (let files = 1; files <= count; files++)
    await recordEvent(database, {
      type: 'backfill.completed',
      subject,
      data: { backfillId: subject, files, failedFiles: 0, link: `/v1/backfills/${subject}` },
    });
}

test('events are published in order of each subject, one of a subject in a batch, and once', async () => {
  const { database } = await setupDatabase();
  const subjects = Array.from({ length: 12 }, () => newUploadId());
  for (const subject of subjects) await record(database, subject, 3);
  const { batches, publish } = publisher();

  expect(await publishEvents(database, publish)).toBe(36);
  expect(await publishEvents(database, publish)).toBe(0);

  const published = batches.flat();
  for (const subject of subjects)
    expect(published.filter(({ data }) => data.backfillId === subject).map(({ data }) => data.files)).toEqual([
      1, 2, 3,
    ]);
  expect(new Set(published.map(({ id }) => id)).size).toBe(36);
  for (const batch of batches) expect(new Set(batch.map(({ data }) => data.backfillId)).size).toBe(batch.length);
  expect(published[0]).toMatchObject({ type: 'backfill.completed', severity: 'info', version: 1 });
});

test('an event that was not taken holds up the later ones of its subject only, and is the next to be published', async () => {
  const { database } = await setupDatabase();
  const [refused, other] = [newUploadId(), newUploadId()];
  await record(database, refused, 2);
  await record(database, other, 1);
  const failing = async (events: readonly Event[]) =>
    new Set(events.filter(({ data }) => data.backfillId !== refused).map(({ id }) => id));

  await expect(publishEvents(database, failing)).rejects.toThrow('1 of 2 events were not taken');
  expect(await measureOutbox(database)).toMatchObject({ waiting: 2 });

  const { batches, publish } = publisher();
  await publishEvents(database, publish);
  expect(batches.map((batch) => batch.map(({ data }) => [data.backfillId, data.files]))).toEqual([
    [[refused, 1]],
    [[refused, 2]],
  ]);
});

test('of several processes one publishes, and the others do not wait for it', async () => {
  const { database } = await setupDatabase();
  await record(database, newUploadId(), 1);
  const { batches, publish } = publisher();
  const others: number[] = [];

  const first = await publishEvents(database, async (events) => {
    others.push(...(await Promise.all([publishEvents(database, publish), publishEvents(database, publish)])));
    return publish(events);
  });

  expect([first, ...others]).toEqual([1, 0, 0]);
  expect(batches).toHaveLength(1);
});

test('an upload that stalls is told of once, and once more when it stalls again', async () => {
  const { database } = await setupDatabase();
  const upload = anUpload({ receivedAt: new Date().toISOString() });
  await startUpload(database, upload, facts(2));
  const hoursPass = () =>
    database.raw(`
      with segments as (update upload_segments set finished_at = finished_at - interval '2 hours')
      update uploads set created_at = created_at - interval '2 hours', received_at = received_at - interval '2 hours', started_at = started_at - interval '2 hours'`);

  expect(await recordStalledUploads(database)).toBe(0);
  await hoursPass();
  expect(await Promise.all([recordStalledUploads(database), recordStalledUploads(database)])).toContain(1);
  expect(await recordStalledUploads(database)).toBe(0);
  await finishSegment(database, { uploadId: upload.id, segment: 0, rows: 1 });
  expect(await recordStalledUploads(database)).toBe(0);
  await hoursPass();
  expect(await recordStalledUploads(database)).toBe(1);

  const { batches, publish } = publisher();
  await publishEvents(database, publish);
  expect(batches.flat()).toMatchObject([
    { type: 'upload.stalled', severity: 'alert', data: { uploadId: upload.id, link: `/v1/uploads/${upload.id}` } },
    { type: 'upload.stalled', data: { uploadId: upload.id } },
  ]);
});

test('what was published a month ago is deleted, but not the end of an upload', async () => {
  const { database } = await setupDatabase();
  await record(database, newUploadId(), 2);
  await failUpload(database, anUpload(), { code: 'empty_file', detail: 'The file is empty.' });
  const { publish } = publisher();
  await publishEvents(database, publish);
  await record(database, newUploadId(), 1);
  expect(await deleteExpiredEvents(database)).toBe(0);

  await database.raw(`update events set published_at = published_at - interval '31 days'`);
  expect(await deleteExpiredEvents(database)).toBe(2);

  const { rows } = await database.raw<{ rows: { type: string }[] }>('select type from events order by sequence');
  expect(rows.map(({ type }) => type)).toEqual(['upload.failed', 'backfill.completed']);
});
