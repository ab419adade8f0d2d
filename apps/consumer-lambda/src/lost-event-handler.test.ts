import { findUpload } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { anUpload, s3Record, setup, sqsEvent } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { deadLetter, unreadableMessages } from '../test/dead-letters.ts';
import { createLostEventHandler, failLostUpload } from './lost-event-handler.ts';

function eventOf(...ids: string[]) {
  return { Records: ids.map((id) => s3Record({ bucket: 'bucket', key: `uploads/${id}/my staff.csv`, etag: 'e7a9' })) };
}

test('an upload that was lost has failed, and can be redriven', async () => {
  const { database, log } = await setup();
  const upload = anUpload({ fileName: 'my staff.csv' });

  await failLostUpload({ database, logger: log.logger }, upload);

  expect(await findUpload(database, upload.id)).toMatchObject({
    status: 'failed',
    failure: { code: 'internal' },
    file_name: 'my staff.csv',
  });
});

test('the uploads of a lost event have failed; what is no event of S3 is kept for an operator and holds nothing up', async () => {
  const { database, log } = await setup();
  const handler = createLostEventHandler({ database, queueName: 'lost events', logger: log.logger });
  const [first, second] = [newUploadId(), newUploadId()];
  // As Lambda puts it into an on-failure destination.
  const lost = {
    version: '1.0',
    requestContext: { condition: 'RetriesExhausted' },
    requestPayload: eventOf(first, second),
  };
  const strange = ['no JSON', '{"requestPayload":{"Records":"none"}}'];

  const answer = await handler(
    sqsEvent([...strange.map((body) => deadLetter(body)), deadLetter(JSON.stringify(lost))]),
  );

  expect(answer.batchItemFailures).toEqual([]);
  for (const id of [first, second])
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
