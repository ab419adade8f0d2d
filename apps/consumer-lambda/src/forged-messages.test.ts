import { findUpload, rereadUpload, startUpload } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type Message, newUploadId, type SourceObject } from '@rowferry/messages';
import { setup, someFacts, sqsEvent } from '@rowferry/testing';
import type { SQSBatchResponse } from 'aws-lambda';
import { expect, test } from 'vitest';
import { deadLetter, unreadableMessages } from '../test/dead-letters.ts';
import { finished, row, rows, started, upload } from '../test/messages.ts';
import { createDeadLetterHandler } from './dead-letter-handler.ts';
import { createRowHandler } from './row-handler.ts';

/** More often than any message comes to the dead-letter queue before it is kept as unreadable. */
const LOOKS_MAX = 100;

async function setupHandlers({ startTimeoutMs = 0 } = {}) {
  const { database, sqs, rowQueueUrl, log } = await setup();
  const { logger } = log;
  const importRows = createRowHandler({ database, sqs, rowQueueUrl, logger, startTimeoutMs });
  const recordDeadLetter = createDeadLetterHandler({ database, queueName: 'rows', logger });
  /** @returns the messages that come again. */
  const give = async (handler: typeof importRows, attempts: number, bodies: readonly string[]) =>
    idsOf(await handler(sqsEvent(bodies.map((body) => deadLetter(body, { id: body, attempts })))));
  return {
    database,
    log,
    handle: (...bodies: string[]) => give(importRows, 1, bodies),
    handleDeadLetters: (...bodies: string[]) => give(recordDeadLetter, 6, bodies),
    start: (of: SourceObject, facts: Parameters<typeof someFacts>[0] = {}) =>
      startUpload(database, of, someFacts({ total: 3, lastLine: 4, ...facts })),
    async lines(): Promise<number[]> {
      const { rows } = await database.raw<{ rows: { line: number }[] }>('select line from employees order by line');
      return rows.map(({ line }) => line);
    },
    async reasons(): Promise<string[]> {
      return (await unreadableMessages(database)).map(({ reason }) => reason).toSorted();
    },
  };
}

function idsOf({ batchItemFailures }: SQSBatchResponse): string[] {
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

function rowsOfSegment(uploadId: string, segment: number, line: number): string {
  const message: Message = { v: MESSAGE_VERSION, type: 'rows', uploadId, segment, rows: [row({ line })] };
  return encodeBody(message);
}

test('rows beyond the file are kept for an operator with a warning, and the upload completes with its own', async () => {
  for (const queue of ['handle', 'handleDeadLetters'] as const) {
    const { start, lines, reasons, database, log, ...handlers } = await setupHandlers();
    const file = upload();
    await start(file);

    const forged = [rowsOfSegment(file.id, 1, 2), rows(file.id, row({ line: 5 })), finished(file.id, 1, 1)];
    expect(await handlers[queue](...forged, finished(file.id, 4))).toEqual([]);
    expect(await handlers.handle(rows(file.id, row({ line: 2 })), rows(file.id, row({ line: 4 })))).toEqual([]);
    expect(await handlers.handle(rows(file.id, row({ line: 3 })), finished(file.id, 3))).toEqual([]);

    expect(await lines()).toEqual([2, 3, 4]);
    expect(await findUpload(database, file.id)).toMatchObject({ status: 'completed', total_rows: 3, inserted: 3 });
    expect(await reasons()).toEqual([
      '4 rows in a segment of an upload that has 3',
      'line 5 of an upload that has 4',
      'segment 1 of an upload that has 1',
      'segment 1 of an upload that has 1',
    ]);
    expect(log.entries.filter(({ msg }) => msg === 'message is kept in unreadable_messages')).toHaveLength(4);
  }
});

test('a row that could be of the file does not keep its upload from completing', async () => {
  const { handle, start, database } = await setupHandlers();
  const file = upload();
  await start(file, { total: 2, lastLine: 9 });

  await handle(
    rows(file.id, row({ line: 9 })),
    rows(file.id, row({ line: 2 }), row({ line: 3 })),
    finished(file.id, 2),
  );

  expect(await findUpload(database, file.id)).toMatchObject({ status: 'completed', total_rows: 2, recorded: 3 });
});

test('ends of segments that come before the start and are not true do not keep the upload from completing', async () => {
  const { handle, database } = await setupHandlers();
  const file = upload();
  const start = encodeBody({
    v: MESSAGE_VERSION,
    type: 'upload.started',
    upload: file,
    ...someFacts({ total: 1, lastLine: 2 }),
  });

  expect(await handle(finished(file.id, 1_000_000), finished(file.id, 7, 1))).toEqual([]);
  expect(await handle(start, rows(file.id, row({ line: 2 })), finished(file.id, 1))).toEqual([]);

  expect(await findUpload(database, file.id)).toMatchObject({ status: 'completed', total_rows: 1, inserted: 1 });
});

test('rows of an upload that never was end in unreadable_messages from the dead-letter queue, and make no employee', async () => {
  const { handle, handleDeadLetters, lines, reasons, database } = await setupHandlers();
  const body = rows(newUploadId(), row({ line: 2 }));
  const good = upload();

  expect(await handle(body, started(good), rows(good.id, row({ line: 3 })))).toEqual([body]);
  expect(await handleDeadLetters(body)).toEqual([body]);
  let looks = 1;
  while ((await handleDeadLetters(body)).length > 0 && looks < LOOKS_MAX) looks++;

  expect(looks).toBeGreaterThan(10);
  expect(await reasons()).toEqual([expect.stringMatching(/^upload .* was never started$/)]);
  expect(await lines()).toEqual([3]);
  expect((await database.raw('select from delivery_failures')).rows).toEqual([]);
});

test('rows whose upload is started while they wait in the dead-letter queue are dead, and can be redriven', async () => {
  const { handleDeadLetters, reasons, database } = await setupHandlers();
  const file = upload();
  const body = rows(file.id, row({ line: 2 }));
  expect(await handleDeadLetters(body)).toEqual([body]);

  expect(await handleDeadLetters(body, started(file))).toEqual([]);

  expect(await findUpload(database, file.id)).toMatchObject({ dead: 1 });
  expect(await reasons()).toEqual([]);
});

test('rows wait for a start that another consumer is recording, and hold up no others meanwhile', async () => {
  const { handle, start, lines } = await setupHandlers({ startTimeoutMs: 10_000 });
  const [known, starting] = [upload(), upload()];
  await start(known);

  const handled = handle(rows(starting.id, row({ line: 2 })), rows(known.id, row({ line: 4 })));
  await expect.poll(lines).toEqual([4]);
  await start(starting);

  expect(await handled).toEqual([]);
  expect(await lines()).toEqual([2, 4]);
});

test('what was known of a file does not bound the rows of one that is read again and found to be longer', async () => {
  const { handle, start, lines, reasons, database } = await setupHandlers();
  const file = upload();
  await start(file, { total: 1, lastLine: 2 });
  await handle(rows(file.id, row({ line: 2 })));
  await rereadUpload(database, file.id, async () => {});
  await start(file, { total: 2, lastLine: 3 });

  expect(await handle(rows(file.id, row({ line: 3 })))).toEqual([]);

  expect(await lines()).toEqual([2, 3]);
  expect(await reasons()).toEqual([]);
});
