import { findUpload } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type ReadTask } from '@rowferry/messages';
import { setup, sqsEvent } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { deadLetter, unreadableMessages } from '../test/dead-letters.ts';
import { finished, started, upload } from '../test/messages.ts';
import { createDeadLetterHandler } from './dead-letter-handler.ts';
import { createDeadTaskHandler } from './dead-task-handler.ts';

async function setupHandler() {
  const fixtures = await setup();
  const { logger } = fixtures.log;
  return {
    ...fixtures,
    handler: createDeadTaskHandler({ database: fixtures.database, queueName: 'segments', logger }),
    /** For what other messages say of an upload. */
    tell: createDeadLetterHandler({ database: fixtures.database, queueName: 'rows', logger }),
  };
}

function readAgain(of: ReadTask['upload']): string {
  const task: ReadTask = { v: MESSAGE_VERSION, type: 'object', upload: of };
  return encodeBody(task);
}

test('an upload of which a part was never read has failed, for no fault of the file', async () => {
  const { database, handler, tell } = await setupHandler();
  const file = upload();
  await tell(sqsEvent([deadLetter(started(file, 2)), deadLetter(finished(file.id, 10, 0))]));

  const answer = await handler(sqsEvent([deadLetter(readAgain(file))]));

  expect(answer.batchItemFailures).toEqual([]);
  expect(await findUpload(database, file.id)).toMatchObject({ status: 'failed', failure: { code: 'internal' } });
});

test('one that was read to its end all the same has not failed, whoever of the two comes last', async () => {
  for (const order of ['expired first', 'read first'] as const) {
    const { database, handler, tell } = await setupHandler();
    const file = upload();
    const read = () => tell(sqsEvent([deadLetter(started(file)), deadLetter(finished(file.id, 0))]));
    const expire = () => handler(sqsEvent([deadLetter(readAgain(file))]));

    if (order === 'expired first') await expire();
    await read();
    if (order === 'read first') await expire();

    expect(await findUpload(database, file.id)).toMatchObject({ status: 'completed', failure: null });
  }
});

test('a task that nobody can read is kept for an operator', async () => {
  const { database, handler } = await setupHandler();

  const answer = await handler(sqsEvent([deadLetter('{"v":1}', { id: 'm1' })]));

  expect(answer.batchItemFailures).toEqual([]);
  expect(await unreadableMessages(database)).toMatchObject([{ message_id: 'm1', queue: 'segments', body: '{"v":1}' }]);
});
