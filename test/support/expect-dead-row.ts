import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { Database } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type Message, newUploadId } from '@rowferry/messages';
import { anUpload, enqueue, type Fixtures, receive, remove, someFacts, sqsEvent, takeAll } from '@rowferry/testing';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { expect } from 'vitest';
import { listen, setupApi } from '../../apps/api/test/setup-api.ts';

const POISON = 'poison@x.org';
const LINES = [2, 3, 4, 5, 6];
const POISON_LINE = 4;
/** Receipts after which SQS moves a message to the dead-letter queue. */
const MAX_ATTEMPTS = 5;

type Handler = (event: SQSEvent) => Promise<SQSBatchResponse>;
/** Of the row queue and of its dead-letter queue. */
type Handlers = { importRows: Handler; recordDeadLetter: Handler };
type StartHandlers = (fixtures: Fixtures) => Handlers | Promise<Handlers>;

/** Consumer and API, on a database that refuses one e-mail with an error that is no fault of its value. */
async function setupPoisoned(sqlState: string, startHandlers: StartHandlers) {
  const { app, ...fixtures } = await setupApi();
  const { database, rowQueueUrl, rowDlqUrl } = fixtures;
  await database.raw(`
    create function refuse() returns trigger language plpgsql as $$
    begin raise exception using errcode = '${sqlState}', message = 'not to be written'; end $$;
    create trigger refuse before insert or update on employees
      for each row when (new.email = '${POISON}') execute function refuse()`);
  const { port } = await listen(app);
  const { importRows, recordDeadLetter } = await startHandlers(fixtures);

  return {
    ...fixtures,
    fix: () => database.raw('drop function refuse cascade'),
    /** Takes what is in the row queue, once; what fails is back in it at once, without the wait that the backoff sets. */
    importOnce: () => pollOnce(fixtures, rowQueueUrl, importRows),
    recordDeadOnce: () => pollOnce(fixtures, rowDlqUrl, recordDeadLetter),
    async ask(path: string, method = 'GET') {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      return { status: response.status, body: await response.json() };
    },
  };
}

async function pollOnce({ sqs }: Fixtures, queueUrl: string, handler: Handler) {
  const messages = await receive(sqs, queueUrl);
  const { batchItemFailures } = await handler(sqsEvent(messages));
  const failed = messages.filter(({ MessageId }) =>
    batchItemFailures.some((item) => item.itemIdentifier === MessageId),
  );
  const done = messages.filter((message) => !failed.includes(message));
  if (done.length > 0) await remove(sqs, queueUrl, done);
  for (const { ReceiptHandle } of failed)
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  return { done: done.length, failed: failed.length };
}

function messagesOf(uploadId: string): string[] {
  const messages: Message[] = [
    {
      v: MESSAGE_VERSION,
      type: 'upload.started',
      upload: anUpload({ id: uploadId }),
      ...someFacts(),
    },
    ...LINES.map((line): Message => ({ v: MESSAGE_VERSION, type: 'rows', uploadId, segment: 0, rows: [rowOf(line)] })),
    { v: MESSAGE_VERSION, type: 'segment.finished', uploadId, segment: 0, rows: LINES.length },
  ];
  return messages.map(encodeBody);
}

function rowOf(line: number) {
  const email = line === POISON_LINE ? POISON : `line${line}@x.org`;
  return { line, employee_name: 'Jane', company_name: 'Acme', mobile_no: '0123456789', email };
}

async function linesOf(database: Database, uploadId: string): Promise<Record<string, number[]>> {
  const { rows } = await database.raw<{ rows: { outcome: string; lines: number[] }[] }>(
    'select outcome, array_agg(line order by line) as lines from upload_rows where upload_id = ? group by outcome',
    [uploadId],
  );
  return Object.fromEntries(rows.map(({ outcome, lines }) => [outcome, lines]));
}

/** What becomes of a row whose write fails each time, and of its neighbours: dead with the reason; fixed and redriven, written. */
export async function expectDeadRow(sqlState: string, startHandlers: StartHandlers): Promise<void> {
  const { database, importOnce, recordDeadOnce, fix, ask, ...fixtures } = await setupPoisoned(sqlState, startHandlers);
  const uploadId = newUploadId();
  await enqueue(fixtures.sqs, fixtures.rowQueueUrl, messagesOf(uploadId));

  expect(await importOnce()).toEqual({ done: LINES.length + 1, failed: 1 });
  expect(await linesOf(database, uploadId)).toEqual({ inserted: LINES.filter((line) => line !== POISON_LINE) });
  for (let attempt = 2; attempt <= MAX_ATTEMPTS; attempt++) expect(await importOnce()).toEqual({ done: 0, failed: 1 });
  expect(await importOnce()).toEqual({ done: 0, failed: 0 });
  expect((await ask(`/v1/uploads/${uploadId}`)).body).toMatchObject({ status: 'processing', total: LINES.length });

  expect(await recordDeadOnce()).toEqual({ done: 1, failed: 0 });
  const { body: upload } = await ask(`/v1/uploads/${uploadId}`);
  expect(upload).toMatchObject({ status: 'completed_with_errors', counts: { inserted: 4, dead: 1 } });
  const { body: dead } = await ask(`/v1/failed-rows?uploadId=${uploadId}&outcome=dead`);
  const { line, ...raw } = rowOf(POISON_LINE);
  const errors = [{ code: 'delivery_failed', column: null, message: `${sqlState} not to be written` }];
  expect(dead).toMatchObject({ data: [{ uploadId, line, outcome: 'dead', attempts: MAX_ATTEMPTS, raw, errors }] });

  await fix();
  const answers = await Promise.all([1, 2].map(() => ask(`/v1/uploads/${uploadId}/redrive`, 'POST')));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
  expect(await importOnce()).toEqual({ done: 1, failed: 0 });

  expect((await ask(`/v1/uploads/${uploadId}`)).body).toMatchObject({
    status: 'completed',
    counts: { inserted: 5, dead: 0 },
  });
  expect(await linesOf(database, uploadId)).toEqual({ inserted: LINES });
  expect((await ask(`/v1/uploads/${uploadId}/redrive`, 'POST')).body).toMatchObject({ code: 'nothing_to_redrive' });
  expect(await takeAll(fixtures.sqs, fixtures.rowQueueUrl)).toEqual([]);
}
