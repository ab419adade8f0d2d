import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRowHandler } from '@rowferry/consumer-lambda';
import { newUploadId } from '@rowferry/messages';
import { createSegmentHandler } from '@rowferry/producer-lambda';
import { enqueue, handlerSettings, putObject, sqsEvent, takeAll } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { setupApi } from '../apps/api/test/setup-api.ts';
import { findFaults } from '../packages/database/test/find-faults.ts';
import { queueEvent } from './support/aws-events.ts';
import { environmentOf } from './support/plain-process.ts';
import { startPreviousConsumer } from './support/previous-consumer.ts';

const ROOT = join(import.meta.dirname, '..');

/*
 * Messages as the version before wrote them: they are under way while a new consumer is deployed. Written down by hand, so
 * that they stay what they were.
 */
function source(id: string, object: { bucket: string; key: string; etag: string; sizeBytes: number }) {
  return { ...object, id, versionId: null, fileName: 'staff.csv', receivedAt: '2026-11-22T09:30:00.000Z' };
}

const COLUMNS = { employee_name: 'Name', company_name: 'Company', mobile_no: 'Phone', email: 'Mail' };
const FACTS = {
  segments: 1,
  detected: { delimiter: ',', encoding: 'utf-8', bom: false, header: true },
  columns: COLUMNS,
  ignoredColumns: [],
  brokenRecords: 0,
};

async function setup() {
  const fixtures = await setupApi();
  const { database, s3, sqs, bucket, rowQueueUrl, segmentQueueUrl } = fixtures;
  const settings = handlerSettings(fixtures);
  const content = 'Name,Company,Phone,Mail\nAnn,Acme,0301234567,ann@acme.example\nBob,Acme,x,bob@acme.example\n';
  const object = await putObject(s3, { bucket, key: 'uploads/staff.csv', content });
  const id = newUploadId();
  return {
    fixtures,
    database,
    id,
    upload: source(id, object),
    content,
    send: (queueUrl: string, messages: object[]) =>
      enqueue(
        sqs,
        queueUrl,
        messages.map((message) => JSON.stringify(message)),
      ),
    rowQueueUrl,
    segmentQueueUrl,
    async handle() {
      const segments = await takeAll(sqs, segmentQueueUrl);
      if (segments.length > 0) expect(await createSegmentHandler(settings)(sqsEvent(segments))).toEqual(NOTHING_FAILED);
      const rows = await takeAll(sqs, rowQueueUrl);
      expect(await createRowHandler(settings)(sqsEvent(rows))).toEqual(NOTHING_FAILED);
    },
  };
}

const NOTHING_FAILED = { batchItemFailures: [] };

async function outcomes({ database, id }: Pick<Awaited<ReturnType<typeof setup>>, 'database' | 'id'>) {
  const { rows } = await database.raw<{ rows: object[] }>(
    'select line, outcome::text from upload_rows where upload_id = ? order by line',
    [id],
  );
  const { rows: status } = await database.raw<{ rows: { status: string }[] }>(
    'select status from upload_status where id = ?',
    [id],
  );
  return { rows, status: status[0]?.status };
}

const BOTH_RECORDED = {
  rows: [
    { line: 2, outcome: 'inserted' },
    { line: 3, outcome: 'rejected' },
  ],
  status: 'completed_with_errors',
};

test('rows, start and end of an upload that the version before sent are written', async () => {
  const { send, handle, rowQueueUrl, ...fixtures } = await setup();
  const { id, upload } = fixtures;
  await send(rowQueueUrl, [
    { v: 1, type: 'upload.started', upload, ...FACTS },
    { v: 1, type: 'rows', uploadId: id, segment: 0, rows: [[2, 'Ann', 'Acme', '0301234567', 'ann@acme.example']] },
    { v: 1, type: 'rows', uploadId: id, segment: 0, rows: [[3, 'Bob', 'Acme', 'x', 'bob@acme.example']] },
    { v: 1, type: 'segment.finished', uploadId: id, segment: 0, rows: 2 },
  ]);

  await handle();

  expect(await outcomes(fixtures)).toEqual(BOTH_RECORDED);
});

test('a segment that the version before asked for is read', async () => {
  const { send, handle, rowQueueUrl, segmentQueueUrl, content, ...fixtures } = await setup();
  const { upload } = fixtures;
  await send(rowQueueUrl, [{ v: 1, type: 'upload.started', upload, ...FACTS }]);
  await send(segmentQueueUrl, [
    {
      v: 1,
      type: 'segment',
      upload,
      segment: 0,
      start: 0,
      end: content.length,
      firstLine: 1,
      delimiter: ',',
      encoding: 'utf-8',
      header: { hasHeader: true, width: 4, positions: { employee_name: 0, company_name: 1, mobile_no: 2, email: 3 } },
      rowsPerMessage: 1,
    },
  ]);

  await handle();

  expect(await outcomes(fixtures)).toEqual(BOTH_RECORDED);
});

/*
 * And the other way round: functions and tasks of the version before run until the new ones are there, on the schema that the
 * migrations of this version have made already.
 */

/** The messages of a file with one row that is good and one that is not, of a company. */
function messagesOf(id: string, upload: object, company: string) {
  return [
    { v: 1, type: 'upload.started', upload, ...FACTS },
    { v: 1, type: 'rows', uploadId: id, segment: 0, rows: [[2, 'Ann', company, '0301234567', 'ann@acme.example']] },
    { v: 1, type: 'rows', uploadId: id, segment: 0, rows: [[3, 'Bob', company, 'x', 'bob@acme.example']] },
    { v: 1, type: 'segment.finished', uploadId: id, segment: 0, rows: 2 },
  ];
}

test('the consumer of the version before writes rows and records dead ones on this schema, and this one goes on from there', async () => {
  const { fixtures, send, handle, rowQueueUrl, database, upload, id } = await setup();
  const { sqs } = fixtures;
  const before = await startPreviousConsumer(environmentOf(fixtures));
  const employees = async () => (await database.raw('select email, company_name, upload_id from employees')).rows;
  const status = async (uploadId: string) => (await outcomes({ database, id: uploadId })).rows;

  await send(rowQueueUrl, messagesOf(id, upload, 'Acme'));
  expect(await before.invoke('handler', queueEvent(await takeAll(sqs, rowQueueUrl)))).toEqual(NOTHING_FAILED);
  expect(await outcomes({ database, id })).toEqual(BOTH_RECORDED);

  const second = { ...upload, id: newUploadId(), receivedAt: '2026-11-22T10:30:00.000Z' };
  await send(rowQueueUrl, messagesOf(second.id, second, 'Apex'));
  await handle();
  expect(await employees()).toEqual([{ email: 'ann@acme.example', company_name: 'Apex', upload_id: second.id }]);

  const third = { ...upload, id: newUploadId(), receivedAt: '2026-11-22T11:30:00.000Z' };
  await send(rowQueueUrl, messagesOf(third.id, third, 'Atlas'));
  const dead = queueEvent(await takeAll(sqs, rowQueueUrl));
  expect(await before.invoke('deadLetterHandler', dead)).toEqual(NOTHING_FAILED);
  expect(await status(third.id)).toEqual([
    { line: 2, outcome: 'dead' },
    { line: 3, outcome: 'rejected' },
  ]);
  // The dead row comes again, as a redrive would send it.
  expect(await before.invoke('handler', dead)).toEqual(NOTHING_FAILED);
  expect(await employees()).toEqual([{ email: 'ann@acme.example', company_name: 'Atlas', upload_id: third.id }]);

  // A row that changes nothing is the newest all the same, and one in between that the version before writes late is not.
  const [between, fourth] = [12, 13].map((hour) => ({
    ...upload,
    id: newUploadId(),
    receivedAt: `2026-11-22T${hour}:30:00.000Z`,
  }));
  await send(rowQueueUrl, messagesOf(fourth?.id ?? '', { ...fourth }, 'Atlas'));
  await handle();
  await send(rowQueueUrl, messagesOf(between?.id ?? '', { ...between }, 'Other'));
  expect(await before.invoke('handler', queueEvent(await takeAll(sqs, rowQueueUrl)))).toEqual(NOTHING_FAILED);
  expect(await status(fourth?.id ?? '')).toContainEqual({ line: 2, outcome: 'unchanged' });
  expect(await status(between?.id ?? '')).toContainEqual({ line: 2, outcome: 'superseded' });
  expect(await employees()).toEqual([{ email: 'ann@acme.example', company_name: 'Atlas', upload_id: third.id }]);
  expect(
    await before.invoke('deadTaskHandler', queueEvent([{ Body: JSON.stringify({ v: 1, type: 'object', upload }) }])),
  ).toEqual(NOTHING_FAILED);
});

test('this schema has all that the statements of the version before name, those of its API too', async () => {
  const before = await startPreviousConsumer({ ...environmentOf((await setup()).fixtures) });
  const statements = z.array(z.string()).parse(await before.invoke('statements', {}));

  expect(statements.length).toBeGreaterThan(40);
  expect(await findFaults(statements)).toEqual([]);
});

test('no migration of the version before is changed: databases that have run it would never see the change', async () => {
  const released = z.record(z.string(), z.string()).parse(await readJson('test/previous-version/migrations.json'));
  const now = await Promise.all(
    Object.keys(released).map(async (name) => [name, sha256(await readFile(join(ROOT, 'migrations', name)))]),
  );
  expect(Object.fromEntries(now)).toEqual(released);
});

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8'));
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
