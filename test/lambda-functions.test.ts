import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findUpload } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, sourceObjectsOf } from '@rowferry/messages';
import { anUpload, deliver, type Fixtures, putObject, services, setup, takeAll } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { expectConvergence } from './convergence/expect-convergence.ts';
import { createdEvent, invocationRecord, queueEvent } from './support/aws-events.ts';
import { bundledFunctions } from './support/bundled-functions.ts';
import { deliverRow } from './support/deliver-row.ts';
import { expectDeadRow } from './support/expect-dead-row.ts';
import { startContainer } from './support/lambda-container.ts';
import { environmentOf } from './support/plain-process.ts';
import { staffFile } from './support/staff-file.ts';

/*
 * The functions as they are deployed: bundles, each in a process of its own, called with events as AWS sends them.
 */
const MINUTE = 60_000;
const MIB = 1024 * 1024;
/** Deliveries, each with a container that remembers nothing; test/convergence.test.ts tries many more of the sources. */
const CONVERGENCE_RUNS = 3;
/** Messages that Lambda gathers for one call. */
const BATCH_SIZE = 100;
const NOTHING_FAILED = { batchItemFailures: [] };

const directoryOf = bundledFunctions('producer', 'consumer');
const startConsumer = (fixtures: Fixtures, env: NodeJS.ProcessEnv = {}) =>
  startContainer(directoryOf('consumer'), { ...environmentOf(fixtures), ...env });

/** A bucket, its producer and its consumer, between which messages go as SQS and Lambda take them. */
async function setupFunctions() {
  const fixtures = await setup();
  const { s3, sqs, bucket, database, rowQueueUrl, segmentQueueUrl } = fixtures;
  const [producer, consumer] = await Promise.all([
    startContainer(directoryOf('producer'), environmentOf(fixtures)),
    startConsumer(fixtures),
  ]);
  return {
    ...fixtures,
    consumer,
    async importFile(content: string) {
      const event = createdEvent(await putObject(s3, { bucket, key: 'uploads/staff.csv', content }));
      await producer.invoke('objectHandler', event);
      const segments = await takeAll(sqs, segmentQueueUrl);
      for (const segment of segments)
        expect(await producer.invoke('segmentHandler', queueEvent([segment]))).toEqual(NOTHING_FAILED);
      const rows = await takeAll(sqs, rowQueueUrl);
      for (let start = 0; start < rows.length; start += BATCH_SIZE)
        expect(await consumer.invoke('handler', queueEvent(rows.slice(start, start + BATCH_SIZE)))).toEqual(
          NOTHING_FAILED,
        );
      const [upload] = sourceObjectsOf(event);
      return { segments: segments.length, rows, upload: await findUpload(database, upload?.id ?? '') };
    },
  };
}

test('a file of 10,000 rows comes through the deployed functions; what is delivered twice, or as dead letters too, changes nothing', async () => {
  const { database, consumer, importFile } = await setupFunctions();
  const file = staffFile('GmbH');

  const { upload, rows } = await importFile(file.csv);

  const counts = { inserted: file.employees.size, superseded: file.superseded.size, rejected: file.rejected.size };
  expect(upload).toMatchObject({ status: 'completed_with_errors', total_rows: file.rows, ...counts, dead: 0 });
  const employees = async () =>
    (await database.raw('select email, employee_name, company_name, mobile_no, line from employees')).rows;
  const expected = [...file.employees].map(([email, employee]) => ({ email, ...employee }));
  const byLine = (a: { line: number }, b: { line: number }) => a.line - b.line;
  expect((await employees()).toSorted(byLine)).toEqual(expected.toSorted(byLine));
  for (const name of ['handler', 'deadLetterHandler'])
    expect(await consumer.invoke(name, queueEvent(rows.slice(0, BATCH_SIZE)))).toEqual(NOTHING_FAILED);
  expect(await findUpload(database, upload?.id ?? '')).toMatchObject({ ...counts, dead: 0 });
  expect((await employees()).toSorted(byLine)).toEqual(expected.toSorted(byLine));
});

test('a large file comes through in segments', async () => {
  const { importFile, database } = await setupFunctions();
  const blank = '\n'.repeat(9 * MIB);
  const content = `name,company,phone,email\nAda,Acme,0123456789,ada@x.org\n${blank}Bob,Acme,0123456789,bob@x.org\n`;

  const { segments, upload } = await importFile(content);

  expect(segments).toBeGreaterThan(1);
  expect(upload).toMatchObject({ status: 'completed', total_rows: 2, inserted: 2 });
  const { rows } = await database.raw('select email, line from employees order by line');
  expect(rows).toEqual([
    { email: 'ada@x.org', line: 2 },
    { email: 'bob@x.org', line: 3 + 9 * MIB },
  ]);
});

test('a function passes the trace that it is called in on to its queue', async () => {
  const fixtures = await setup();
  const { s3, bucket } = fixtures;
  const traces: unknown[] = [];
  const endpoint = await setupRecorder(({ headers }) => traces.push(headers['x-amzn-trace-id']));
  const trace = 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1';
  const producer = await startContainer(directoryOf('producer'), {
    ...environmentOf(fixtures),
    AWS_ENDPOINT_URL_SQS: endpoint,
    // What Lambda sets.
    AWS_LAMBDA_FUNCTION_NAME: 'rowferry-dev-objects',
    _X_AMZN_TRACE_ID: trace,
  });
  const content = 'name,company,phone,email\nAda,Acme,0123456789,ada@x.org\n';

  await producer.invoke('objectHandler', createdEvent(await putObject(s3, { bucket, key: 'uploads/a.csv', content })));

  expect(new Set(traces)).toEqual(new Set([trace]));
});

/** A way to the run's S3 and SQS that shows each request. @returns its URL. */
async function setupRecorder(see: (request: IncomingMessage) => void): Promise<string> {
  const target = services().endpoint;
  const server = createServer((incoming, answer) => {
    see(incoming);
    const { url = '', method, headers } = incoming;
    const forwarded = request(new URL(url, target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an event that was lost in all attempts fails its upload, and so does a segment', async () => {
  const fixtures = await setup();
  const consumer = await startConsumer(fixtures);
  const event = createdEvent({ bucket: fixtures.bucket, key: 'uploads/lost.csv', etag: 'e7a9', sizeBytes: 7 });
  const [lost] = sourceObjectsOf(event);
  const unread = anUpload();
  const task = encodeBody({ v: MESSAGE_VERSION, type: 'object', upload: unread });
  const { sqs, rowQueueUrl, database } = fixtures;

  const records = await deliver(sqs, rowQueueUrl, [invocationRecord(event)]);
  const tasks = await deliver(sqs, rowQueueUrl, [task]);
  expect(await consumer.invoke('lostEventHandler', queueEvent(records))).toEqual(NOTHING_FAILED);
  expect(await consumer.invoke('deadTaskHandler', queueEvent(tasks))).toEqual(NOTHING_FAILED);

  for (const upload of [lost, unread])
    expect(await findUpload(database, upload?.id ?? '')).toMatchObject({
      status: 'failed',
      failure: { code: 'internal' },
    });
});

test('what test/dead-letters.test.ts says of a row whose write fails each time holds for what is deployed', () =>
  expectDeadRow('42501', async (fixtures) => {
    const consumer = await startConsumer(fixtures);
    return {
      importRows: consumer.queueHandler('handler'),
      recordDeadLetter: consumer.queueHandler('deadLetterHandler'),
    };
  }));

test('what test/convergence.test.ts says of all deliveries holds for what is deployed', {
  timeout: 5 * MINUTE,
}, async () => {
  const fixtures = await setup();
  let stop = async () => {};
  const startHandlers = async () => {
    await stop();
    const consumer = await startConsumer(fixtures);
    stop = consumer.stop;
    return {
      handle: consumer.queueHandler('handler'),
      recordDeadLetter: consumer.queueHandler('deadLetterHandler'),
      failUpload: consumer.queueHandler('deadTaskHandler'),
    };
  };
  await expectConvergence(fixtures, startHandlers, CONVERGENCE_RUNS);
});

test('dead rows are counted in the log of a function, where CloudWatch reads them', async () => {
  const fixtures = await setup();
  const consumer = await startConsumer(fixtures, { METRICS_NAMESPACE: 'Rowferry/test' });

  await consumer.invoke('deadLetterHandler', queueEvent(await deliverRow(fixtures)));

  const counted = () => consumer.log().map((line) => JSON.parse(line));
  await expect.poll(counted).toContainEqual(
    expect.objectContaining({
      DeadRows: 1,
      _aws: expect.objectContaining({
        CloudWatchMetrics: [{ Namespace: 'Rowferry/test', Dimensions: [[]], Metrics: [{ Name: 'DeadRows' }] }],
      }),
    }),
  );
});
