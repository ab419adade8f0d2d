import { BatchSender } from '@rowferry/aws';
import { startUpload } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type Message } from '@rowferry/messages';
import { anUpload, depthOf, type Fixtures, setup, someFacts, statementsThatWait } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { blockWrites } from './support/blocked-writes.ts';
import { startWorker } from './support/plain-process.ts';

const SECOND = 1000;
/** More than a worker takes for one write. */
const MESSAGES = 600;

/** A worker in the middle of a file: some messages are in its hands and cannot be written until `release`. */
async function setupBusyWorker() {
  const fixtures = await setup();
  const { sqs, rowQueueUrl } = fixtures;
  const upload = anUpload();
  await startUpload(fixtures.database, upload, someFacts());
  const release = await blockWrites(fixtures);
  await enqueueRows(fixtures, upload.id);
  const worker = await startWorker(fixtures, { CONSUMER_CONCURRENCY: '1' });
  await expect.poll(() => statementsThatWait(fixtures.database), { timeout: 30 * SECOND }).toBe(1);
  const { hidden: inFlight } = await depthOf(sqs, rowQueueUrl);
  expect(inFlight).toBeLessThan(MESSAGES);
  return { ...fixtures, worker, release, inFlight };
}

async function enqueueRows({ sqs, rowQueueUrl }: Fixtures, uploadId: string): Promise<void> {
  const sender = new BatchSender(sqs, rowQueueUrl);
  for (let line = 2; line < MESSAGES + 2; line++) {
    const values = { employee_name: 'Jane', company_name: 'Acme', mobile_no: '0123456789', email: `l${line}@x.org` };
    const message: Message = { v: MESSAGE_VERSION, type: 'rows', uploadId, segment: 0, rows: [{ line, ...values }] };
    await sender.send(encodeBody(message));
  }
  await sender.flush();
}

async function landed({ database }: Fixtures): Promise<number> {
  const { rows } = await database.raw<{ rows: { n: number }[] }>('select count(*) as n from upload_rows');
  return rows[0]?.n ?? 0;
}

test('SIGTERM: what is in flight lands, nothing more is taken, the rest is in the queue at once, code 0', async () => {
  const busy = await setupBusyWorker();

  busy.worker.child.kill('SIGTERM');
  await expect.poll(busy.worker.output, { timeout: 10 * SECOND }).toContain('stopping');
  await busy.release();

  expect(await busy.worker.exited).toEqual({ code: 0, signal: null });
  expect(await landed(busy)).toBe(busy.inFlight);
  expect(await depthOf(busy.sqs, busy.rowQueueUrl)).toEqual({ visible: MESSAGES - busy.inFlight, hidden: 0 });
});

test(
  'SIGTERM while what is in flight cannot end: after a bound its messages are in the queue again at once, code 0',
  async () => {
    const busy = await setupBusyWorker();

    busy.worker.child.kill('SIGTERM');

    expect(await busy.worker.exited).toEqual({ code: 0, signal: null });
    expect(await depthOf(busy.sqs, busy.rowQueueUrl)).toEqual({ visible: MESSAGES, hidden: 0 });
    await busy.release();
    expect(await landed(busy)).toBe(0);
  },
  90 * SECOND,
);

test('a second signal ends the worker at once; what was in its hands comes again by itself', async () => {
  const busy = await setupBusyWorker();

  busy.worker.child.kill('SIGTERM');
  await expect.poll(busy.worker.output, { timeout: 10 * SECOND }).toContain('stopping');
  // Signals right after the first are the first again: a Ctrl-C reaches npm and the worker.
  const again = setInterval(() => busy.worker.child.kill('SIGTERM'), 200);
  onTestFinished(() => clearInterval(again));
  const { code } = await busy.worker.exited;

  expect(code).toBe(1);
  expect(await depthOf(busy.sqs, busy.rowQueueUrl)).toEqual({
    visible: MESSAGES - busy.inFlight,
    hidden: busy.inFlight,
  });
});
