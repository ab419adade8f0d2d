import { anUpload, setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { facts, STORED } from '../../test/uploads.ts';
import { findUnreadUploads, markUploadsEnqueued } from './enqueued-uploads.ts';
import { failUpload, finishSegment, startUpload } from './reading-progress.ts';
import { openUpload, receiveUpload } from './receive-upload.ts';

test('unread are unknown uploads, and those that were not read to their end', async () => {
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
  const [enqueued, other] = [anUpload().id, anUpload().id];

  // Again, as by a worker that does not know yet that it leads no more.
  await markUploadsEnqueued(database, [enqueued]);
  await markUploadsEnqueued(database, [enqueued]);

  expect(await findUnreadUploads(database, [enqueued, other])).toEqual(new Set([other]));
});
