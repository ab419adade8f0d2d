import { findUpload, openUpload, receiveUpload } from '@rowferry/database';
import { keyOfUpload, newUploadId, sourceObjectsOf } from '@rowferry/messages';
import { anUpload, s3Record, setup, sqsEvent } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { deadLetter, unreadableMessages } from '../test/dead-letters.ts';
import { createLostEventHandler, failLostUpload } from './lost-event-handler.ts';

function eventOf(...folders: string[]) {
  const keys = folders.map((folder) => `uploads/${folder}/my staff.csv`);
  return { Records: keys.map((key) => s3Record({ bucket: 'bucket', key, etag: 'e7a9' })) };
}

test('an upload that was lost has failed, and can be redriven', async () => {
  const { database, log } = await setup();
  const upload = anUpload({ fileName: 'my staff.csv' });

  await failLostUpload({ database, logger: log.logger }, upload);
  await failLostUpload({ database, logger: log.logger }, upload);

  expect(await findUpload(database, upload.id)).toMatchObject({
    status: 'failed',
    failure: { code: 'internal' },
    file_name: 'my staff.csv',
  });
  expect(log.entries).toMatchObject([
    { msg: 'upload failed', uploadId: upload.id, status: 'failed', code: 'internal' },
  ]);
});

test('the failure of an object that was written over that of the API is not one of the upload of the API', async () => {
  const { database, log } = await setup();
  const id = newUploadId('staff.csv');
  const key = keyOfUpload(id, 'staff.csv');
  await openUpload(database, { id, bucket: 'bucket', key, fileName: 'staff.csv' });
  await receiveUpload(database, id, { sizeBytes: 1, sha256: null, etag: 'of-the-api' });
  const written = { bucket: 'bucket', key, versionId: null, sizeBytes: 1, fileName: 'staff.csv' };

  for (const etag of ['another', 'of-the-api'])
    await failLostUpload({ database, logger: log.logger }, anUpload({ ...written, id, etag }));

  const { rows } = await database.raw('select id, etag from uploads where failure is not null order by etag = :etag', {
    etag: 'of-the-api',
  });
  expect(rows).toEqual([
    { id: expect.not.stringMatching(id), etag: 'another' },
    { id, etag: 'of-the-api' },
  ]);
});

test('the uploads of a lost event have failed; what is no event of S3 is kept for an operator and holds nothing up', async () => {
  const { database, log } = await setup();
  const handler = createLostEventHandler({ database, queueName: 'lost events', logger: log.logger });
  // As Lambda puts it into an on-failure destination.
  const lost = {
    version: '1.0',
    requestContext: { condition: 'RetriesExhausted' },
    requestPayload: eventOf('first', 'second'),
  };
  // As S3 sends it to a queue, whose dead-letter queue gets it unchanged.
  const asSent = eventOf('third', 'fourth');
  const strange = ['no JSON', '{"requestPayload":{"Records":"none"}}'];

  const answer = await handler(
    sqsEvent([...strange, JSON.stringify(lost), JSON.stringify(asSent)].map((body) => deadLetter(body))),
  );

  expect(answer.batchItemFailures).toEqual([]);
  const ids = [lost.requestPayload, asSent].flatMap(sourceObjectsOf).map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  for (const id of ids)
    expect(await findUpload(database, id)).toMatchObject({
      status: 'failed',
      failure: { code: 'internal' },
      file_name: 'my staff.csv',
    });
  expect(await unreadableMessages(database)).toMatchObject([
    { queue: 'lost events', body: 'no JSON' },
    { queue: 'lost events', body: strange[1] },
  ]);
});
