import { connect, findUpload, listFailedRows, saveFailureReasons, writeRows } from '@rowferry/database';
import { type Fixtures, setup, setupProxy, sqsEvent } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { deadLetter, unreadableMessages } from '../test/dead-letters.ts';
import { failed, finished, row, rows, started, startedUpload, upload } from '../test/messages.ts';
import { createDeadLetterHandler } from './dead-letter-handler.ts';

async function setupHandler() {
  const fixtures = await setup();
  const handler = createDeadLetterHandler({
    database: fixtures.database,
    queueName: 'rows',
    logger: fixtures.log.logger,
  });
  return { ...fixtures, handler };
}

async function failedRowsOf({ database }: Fixtures) {
  const filter = { uploadId: undefined, outcome: undefined };
  const { rows } = await listFailedRows(database, filter, { limit: 100, offset: 0 });
  return rows;
}

function idsOf({ batchItemFailures }: { batchItemFailures: { itemIdentifier: string }[] }): string[] {
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

test('the rows of a dead letter are dead, with their values, their attempts and the reason of the last', async () => {
  const fixtures = await setupHandler();
  const { database, handler } = fixtures;
  const file = await startedUpload(fixtures);
  const letter = deadLetter(rows(file.id, row({ line: 2 }), row({ line: 3 })), { id: 'm1', attempts: 9 });
  await saveFailureReasons(database, [{ messageId: 'm1', reason: '42501 no right to write' }]);

  expect(idsOf(await handler(sqsEvent([letter])))).toEqual([]);

  const expected = (line: number) => ({
    upload_id: file.id,
    line,
    outcome: 'dead',
    // Receives from the dead-letter queue itself were no attempts.
    attempts: 5,
    raw: { employee_name: 'Jane', company_name: 'Acme', mobile_no: '0123456789', email: `line${line}@x.org` },
    errors: [{ code: 'delivery_failed', column: null, message: '42501 no right to write' }],
  });
  expect(await failedRowsOf(fixtures)).toMatchObject([expected(2), expected(3)]);
});

test('a row that died when its failure could not be written down says that the reason is not known', async () => {
  const fixtures = await setupHandler();

  await fixtures.handler(sqsEvent([deadLetter(rows((await startedUpload(fixtures)).id, row({ line: 2 })))]));

  expect(await failedRowsOf(fixtures)).toMatchObject([
    { errors: [{ code: 'delivery_failed', message: 'the reason is not known: it could not be recorded' }] },
  ]);
});

test('the same letter again, and a second copy of it, count nothing twice', async () => {
  const { database, handler } = await setupHandler();
  const file = upload();
  const body = rows(file.id, row({ line: 2 }));
  await handler(sqsEvent([deadLetter(started(file)), deadLetter(finished(file.id, 1))]));

  const letter = deadLetter(body);
  for (const event of [sqsEvent([letter]), sqsEvent([letter]), sqsEvent([deadLetter(body), deadLetter(body)])])
    expect(idsOf(await handler(event))).toEqual([]);

  expect(await findUpload(database, file.id)).toMatchObject({ status: 'completed_with_errors', dead: 1, recorded: 1 });
});

test('a reason that is known stays, though the letter comes again or another copy of it dies of who knows what', async () => {
  const fixtures = await setupHandler();
  const { database, handler } = fixtures;
  const body = rows((await startedUpload(fixtures)).id, row({ line: 2 }));
  const letter = deadLetter(body, { id: 'm1' });
  await saveFailureReasons(database, [{ messageId: 'm1', reason: '42501 no right to write' }]);

  for (const again of [letter, letter, deadLetter(body, { id: 'm2' })]) await handler(sqsEvent([again]));

  expect(await failedRowsOf(fixtures)).toMatchObject([{ errors: [{ message: '42501 no right to write' }] }]);
  await saveFailureReasons(database, [{ messageId: 'm3', reason: '42P01 no such table' }]);
  await handler(sqsEvent([deadLetter(body, { id: 'm3' })]));
  expect(await failedRowsOf(fixtures)).toMatchObject([{ errors: [{ message: '42P01 no such table' }] }]);
});

test('a row that landed by another copy of its message stays as it is', async () => {
  const fixtures = await setupHandler();
  const file = await startedUpload(fixtures);
  const { line, ...employee } = row({ line: 2 });
  if (!('email' in employee)) throw new Error('a row of values');
  await writeRows(fixtures.database, [{ uploadId: file.id, receivedAtMicros: 0, line, attempts: 1, employee }], []);

  await fixtures.handler(sqsEvent([deadLetter(rows(file.id, row({ line: 2 })))]));

  expect(await failedRowsOf(fixtures)).toEqual([]);
});

test('bad rows of a dead letter are rejected with their reasons, as they would have been', async () => {
  const fixtures = await setupHandler();
  const file = await startedUpload(fixtures);

  await fixtures.handler(
    sqsEvent([deadLetter(rows(file.id, row({ line: 2, email: 'no address' }), row({ line: 3 })))]),
  );

  expect(await failedRowsOf(fixtures)).toMatchObject([
    { line: 2, outcome: 'rejected', errors: [{ code: 'email_without_at' }] },
    { line: 3, outcome: 'dead' },
  ]);
});

test('what a dead letter says of its upload is recorded after all', async () => {
  const { database, handler } = await setupHandler();
  const [read, unread] = [upload(), upload()];
  const failure = { code: 'empty_file' as const, detail: 'The file is empty.' };

  await handler(
    sqsEvent([deadLetter(finished(read.id, 0)), deadLetter(started(read)), deadLetter(failed(unread, failure))]),
  );

  expect(await findUpload(database, read.id)).toMatchObject({ status: 'completed', total_rows: 0 });
  expect(await findUpload(database, unread.id)).toMatchObject({ status: 'failed', failure });
});

test('messages that nobody can read are kept whole for an operator, and hold nothing up', async () => {
  const fixtures = await setupHandler();
  const { database, handler } = fixtures;
  const strange = ['no JSON, but \0 and \ud800', '{"v":99,"type":"rows"}'];
  const letters = strange.map((body, index) => deadLetter(body, { id: `m${index}` }));

  const answer = await handler(
    sqsEvent([...letters, deadLetter(rows((await startedUpload(fixtures)).id, row({ line: 2 }))), ...letters]),
  );

  expect(idsOf(answer)).toEqual([]);
  expect(await unreadableMessages(database)).toEqual([
    { message_id: 'm0', queue: 'rows', body: 'no JSON, but \ufffd and \ufffd', reason: 'not JSON' },
    { message_id: 'm1', queue: 'rows', body: strange[1], reason: expect.stringContaining('not a message') },
  ]);
  expect(await failedRowsOf(fixtures)).toMatchObject([{ outcome: 'dead' }]);
});

test('while Postgres is unavailable every dead letter stays in the queue, and is recorded when it is back', async () => {
  const fixtures = await setup();
  const proxy = await setupProxy(fixtures.databaseUrl);
  const database = connect({ url: proxy.url, poolMax: 2, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  const handler = createDeadLetterHandler({ database, queueName: 'rows', logger: fixtures.log.logger });
  const letters = [
    deadLetter(rows((await startedUpload(fixtures)).id, row({ line: 2 })), { id: 'rows' }),
    deadLetter('strange', { id: 'strange' }),
  ];

  await proxy.shut();
  expect(idsOf(await handler(sqsEvent(letters)))).toEqual(['rows', 'strange']);
  await proxy.open();

  expect(idsOf(await handler(sqsEvent(letters)))).toEqual([]);
  expect(await failedRowsOf(fixtures)).toMatchObject([{ outcome: 'dead' }]);
  expect(await unreadableMessages(fixtures.database)).toMatchObject([{ message_id: 'strange' }]);
});

test('the log tells which upload has dead rows, and no value of a row', async () => {
  const fixtures = await setupHandler();
  const { handler, log } = fixtures;
  const file = await startedUpload(fixtures);

  await handler(sqsEvent([deadLetter(rows(file.id, row({ line: 2, employee_name: 'Zaphod' })))]));

  expect(log.entries).toMatchObject([{ uploadId: file.id, rows: 1 }]);
  expect(log.text()).not.toMatch(/Zaphod|x\.org/);
});
