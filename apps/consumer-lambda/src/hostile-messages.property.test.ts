import { startUpload } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, newUploadId } from '@rowferry/messages';
import type { Warning } from '@rowferry/roster';
import { anUpload, s3Record, setup, someFacts, sqsEvent } from '@rowferry/testing';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deadLetter } from '../test/dead-letters.ts';
import { row, rows, startedUpload } from '../test/messages.ts';
import { createDeadLetterHandler } from './dead-letter-handler.ts';
import { createDeadTaskHandler } from './dead-task-handler.ts';
import { createLostEventHandler } from './lost-event-handler.ts';
import { createRowHandler } from './row-handler.ts';

type Handler = (event: SQSEvent) => Promise<SQSBatchResponse>;

const MINUTE = 60_000;
const RUNS = 300;
/** More often than any message comes to a dead-letter queue before it is kept as unreadable. */
const LOOKS_MAX = 100;

/** What no column, or hardly any, can hold. */
const hostileValue = fc.constantFrom<unknown>(
  ...[2 ** 31, 2 ** 31 - 1, 2 ** 53 - 1, 2 ** 63, 1e308, -1, 0, 0.5, null, true, [], {}],
  ...['', 'a\0b', '\0', 'a\ud800b', '\udfff', 'x'.repeat(50_000), '\u202e', "'; drop table employees; --"],
  ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '+294277-01-01T00:00:00Z'],
  ...['1969-12-31T23:59:59Z', '2026-01-01T00:00:00.0000000000000000000001Z', 'infinity', 'now', '24:00'],
  ['a\0'],
  { 'a\0': 'b\0' },
  { '\ud800': '\udc00' },
);

const attempts = fc.constantFrom('1', '5', '6', '32768', '99999999999', '0', '-1', '1.5', '', 'many');

/** A value with one thing in it, or itself, replaced by something hostile. */
function spoilt(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value);
  return fc
    .tuple(fc.constantFrom(...places), hostileValue, fc.constantFrom(...places), hostileValue, fc.boolean())
    .map(([first, one, second, other, both]) => {
      const once = replaced(value, first, one);
      return both ? replaced(once, second, other) : once;
    });
}

function placesIn(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? replaced(item, rest, by) : item));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === key ? replaced(inner, rest, by) : inner]),
  );
}

const upload = anUpload();
const head = { v: MESSAGE_VERSION, uploadId: upload.id };
const warnings: Warning[] = [{ code: 'mojibake', column: 'email', text: 'looks damaged', count: 1, lines: [2] }];
const facts = someFacts({ total: 2, lastLine: 9, warnings });
const started = { v: MESSAGE_VERSION, type: 'upload.started', upload, ...facts };
const failed = {
  ...{ v: MESSAGE_VERSION, type: 'upload.failed', upload },
  failure: { code: 'not_csv', detail: 'A picture.', columns: ['email'] },
};
const finished = { ...head, type: 'segment.finished', segment: 0, rows: 2, warnings };
const shaped = JSON.parse(rows(upload.id, row({ line: 2 }), row({ line: 3 })));
const error = { code: 'field_count', column: 'email', message: 'has 2 fields' };
const unshaped = [
  { line: 2, raw: ['x', 'y'], errors: [error] },
  { line: 3, raw: { email: 'x', other: null }, errors: [error] },
];
const messages = [started, failed, finished, shaped, { ...shaped, rows: unshaped }];

/** @returns the bodies of the messages that come again. */
async function give(handler: Handler, bodies: readonly string[], count: string): Promise<string[]> {
  const letters = bodies.map((body) => {
    const letter = deadLetter(body);
    return { ...letter, Attributes: { ApproximateReceiveCount: count } };
  });
  const { batchItemFailures } = await handler(sqsEvent(letters));
  const ids = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return letters.filter(({ MessageId = '' }) => ids.has(MessageId)).map(({ Body = '' }) => Body);
}

/** As a dead-letter queue does: a message has the same id each time. */
async function giveUntilGone(handler: Handler, body: string, count: string): Promise<number> {
  const event = sqsEvent([{ ...deadLetter(body), Attributes: { ApproximateReceiveCount: count } }]);
  let looks = 1;
  while ((await handler(event)).batchItemFailures.length > 0 && looks < LOOKS_MAX) looks++;
  return looks;
}

async function setupHandlers() {
  const fixtures = await setup();
  const { database, sqs, rowQueueUrl, log } = fixtures;
  const { logger } = log;
  return {
    ...fixtures,
    importRows: createRowHandler({ database, sqs, rowQueueUrl, logger, startTimeoutMs: 0 }),
    recordDeadLetter: createDeadLetterHandler({ database, queueName: 'rows', logger }),
    recordDeadTask: createDeadTaskHandler({ database, queueName: 'segments', logger }),
    recordLostEvent: createLostEventHandler({ database, queueName: 'lost events', logger }),
  };
}

test(
  'no message of rows or about uploads stays for ever, whatever it says, and none holds up those beside it',
  async () => {
    const { importRows, recordDeadLetter, ...fixtures } = await setupHandlers();
    const good = await startedUpload(fixtures);
    let line = 1;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...messages).chain(spoilt),
        attempts,
        fc.boolean(),
        async (message, count, isStarted) => {
          await fixtures.database.raw('delete from uploads where id <> ?', [good.id]);
          if (isStarted) await startUpload(fixtures.database, upload, someFacts({ total: 2, lastLine: 9 }));
          const hostile = JSON.stringify(message);
          line++;
          const beside = [
            rows(good.id, row({ line })),
            rows(good.id, { line: line + 100_000, raw: ['x'], errors: [ROW_ERROR] }),
          ];

          const again = await give(importRows, [hostile, ...beside], count);

          expect(again.filter((body) => body !== hostile)).toEqual([]);
          expect(await giveUntilGone(recordDeadLetter, hostile, count)).toBeLessThan(LOOKS_MAX);
        },
      ),
      { numRuns: RUNS },
    );
  },
  5 * MINUTE,
);

test.for<[string, unknown]>([
  [
    'U+0000 and half a pair in the name of a raw value',
    { ...shaped, rows: [{ line: 2, raw: { 'a\0': 'b\0', '\ud800': null }, errors: [error] }] },
  ],
  ['a line beyond an integer', { ...shaped, rows: [{ line: 2 ** 31, raw: 'x', errors: [error] }] }],
  ['a shaped row on such a line', { ...shaped, rows: [[2 ** 31, 'Ann', 'Acme', '0301234567', 'ann@x.org']] }],
  ['a segment beyond an integer', { ...finished, segment: 2 ** 31 }],
  ['more rows than any segment has', { ...finished, rows: 2 ** 53 - 1 }],
  ['U+0000 in a file name', { ...started, upload: { ...upload, fileName: 'a\0.csv' } }],
  ['half a pair in a key', { ...started, upload: { ...upload, key: 'uploads/\ud800.csv' } }],
  ['the year 0', { ...started, upload: { ...upload, receivedAt: '0000-01-01T00:00:00Z' } }],
])('%s does not keep a message in its queue', async ([, message]) => {
  const { importRows, recordDeadLetter, ...fixtures } = await setupHandlers();
  await startUpload(fixtures.database, upload, someFacts());
  const hostile = JSON.stringify(message);

  await give(importRows, [hostile], '1');

  expect(await giveUntilGone(recordDeadLetter, hostile, '6')).toBe(1);
});

test('a rejected row whose raw values have U+0000 in their names is recorded, and so is the one beside it', async () => {
  const { importRows, database } = await setupHandlers();
  await startUpload(database, upload, someFacts());
  const raw = { 'a\0': 'b\0', '\ud800': null };
  const rowsOf = (line: number, values: object) =>
    JSON.stringify({ ...shaped, rows: [{ line, raw: values, errors: [error] }] });

  expect(await give(importRows, [rowsOf(2, raw), rowsOf(3, ['x'])], '1')).toEqual([]);

  const { rows: ledger } = await database.raw('select line, raw from upload_rows order by line');
  expect(ledger).toEqual([
    { line: 2, raw: { 'a\ufffd': 'b\ufffd', '\ufffd': null } },
    { line: 3, raw: ['x'] },
  ]);
});

const ROW_ERROR = { code: 'field_count', column: null, message: 'has 1 field' } as const;

test(
  'no task and no event of S3 stays for ever, whatever it says',
  async () => {
    const { recordDeadTask, recordLostEvent } = await setupHandlers();
    const task = JSON.parse(encodeBody({ v: MESSAGE_VERSION, type: 'object', upload }));
    const event = {
      requestPayload: { Records: [s3Record({ bucket: 'b', key: `uploads/${newUploadId()}/staff.csv`, etag: 'e' })] },
    };
    const kinds = fc.oneof(
      spoilt(task).map((body) => ({ handler: recordDeadTask, body })),
      spoilt(event).map((body) => ({ handler: recordLostEvent, body })),
      fc.constantFrom('%00', '%', '%FF', '%ED%A0%80', 'a'.repeat(5000)).map((key) => {
        const Records = [s3Record({ bucket: 'b', key: '', etag: 'e' })].map((record) => ({
          ...record,
          s3: { ...record.s3, object: { ...record.s3.object, key: `uploads/${key}.csv` } },
        }));
        return { handler: recordLostEvent, body: { requestPayload: { Records } } };
      }),
    );
    await fc.assert(
      fc.asyncProperty(kinds, attempts, async ({ handler, body }, count) => {
        expect(await give(handler, [JSON.stringify(body)], count)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  },
  2 * MINUTE,
);
