import { findUpload } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { s3Record, setup, sqsEvent } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { deadLetter, unreadableMessages } from '../test/dead-letters.ts';
import { createLostEventHandler, createLostEventQueueHandler } from './lost-event-handler.ts';

function eventOf(...ids: string[]) {
  return { Records: ids.map((id) => s3Record({ bucket: 'bucket', key: `uploads/${id}/my staff.csv`, etag: 'e7a9' })) };
}

test('the uploads of an event that was never served have failed, and can be redriven', async () => {
  const { database, log } = await setup();
  const [first, second] = [newUploadId(), newUploadId()];

  await createLostEventHandler({ database, logger: log.logger })(eventOf(first, second));

  for (const id of [first, second])
    expect(await findUpload(database, id)).toMatchObject({
      status: 'failed',
      failure: { code: 'internal' },
      file_name: 'my staff.csv',
    });
});

test('from the queue of lost events too; what is no event of S3 is kept for an operator and holds nothing up', async () => {
  const { database, log } = await setup();
  const handler = createLostEventQueueHandler({ database, queueName: 'lost events', logger: log.logger });
  const id = newUploadId();
  // As Lambda puts it into an on-failure destination.
  const lost = { version: '1.0', requestContext: { condition: 'RetriesExhausted' }, requestPayload: eventOf(id) };
  const strange = ['no JSON', '{"requestPayload":{"Records":"none"}}'];

  const answer = await handler(
    sqsEvent([...strange.map((body) => deadLetter(body)), deadLetter(JSON.stringify(lost))]),
  );

  expect(answer.batchItemFailures).toEqual([]);
  expect(await findUpload(database, id)).toMatchObject({ status: 'failed', failure: { code: 'internal' } });
  expect(await unreadableMessages(database)).toMatchObject([
    { queue: 'lost events', body: 'no JSON' },
    { queue: 'lost events', body: strange[1] },
  ]);
});
