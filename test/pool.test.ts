import { setTimeout as delay } from 'node:timers/promises';
import type { Message as SqsMessage } from '@aws-sdk/client-sqs';
import { createRowHandler } from '@rowferry/consumer-lambda';
import { connect, type Database, isDatabaseUnavailable, startUpload } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type Message, newUploadId } from '@rowferry/messages';
import {
  anUpload,
  deliver,
  depthOf,
  type Fixtures,
  receive,
  setup,
  setupDatabase,
  setupProxy,
  someFacts,
  sqsEvent,
  statementsThatWait,
} from '@rowferry/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { blockWrites } from './support/blocked-writes.ts';

const SECOND = 1000;
/** How long a container is frozen, or the network of its connections gone. */
const FREEZE_MS = 1500;
/** Longest that a statement may take where its answer is awaited in vain; it is given up 5 seconds later. */
const ANSWER_TIMEOUT_MS = 6 * SECOND;
/** Within so much the next batch must be through, on a machine that is busy with other tests too. */
const RECOVERY_TIMEOUT_MS = 12 * SECOND;

/** The consumer as a Lambda container has it: a small pool, made once, on a connection that the test can break. */
async function setupContainer({ poolMax = 2, statementTimeoutMs = 25 * SECOND } = {}) {
  const fixtures = await setup();
  // Rows are written of uploads alone that are known to have been started.
  await startUpload(fixtures.database, anUpload({ id: UPLOAD_ID }), someFacts());
  const proxy = await setupProxy(fixtures.databaseUrl);
  const pool = connect({ url: proxy.url, poolMax, statementTimeoutMs, onWarning: () => {} });
  onTestFinished(() => pool.destroy());
  const { sqs, rowQueueUrl, log } = fixtures;
  const handler = createRowHandler({ database: pool, sqs, rowQueueUrl, logger: log.logger });

  let line = 1;
  /** One invocation. @returns how many of its messages have to come again. */
  const invoke = async (messages = 1): Promise<number> => {
    const bodies = Array.from({ length: messages }, () => rowMessage(++line));
    const received = bodies.map((Body, index) => ({ MessageId: `${line}-${index}`, ReceiptHandle: 'none', Body }));
    const { batchItemFailures } = await handler(sqsEvent(received));
    return batchItemFailures.length;
  };
  return { ...fixtures, proxy, pool, handler, invoke };
}

const UPLOAD_ID = newUploadId();

function rowMessage(line: number): string {
  const values = { employee_name: 'Jane', company_name: 'Acme', mobile_no: '0123456789', email: `l${line}@x.org` };
  const rows: Extract<Message, { type: 'rows' }>['rows'] = [{ line, ...values }];
  return encodeBody({ v: MESSAGE_VERSION, type: 'rows', uploadId: UPLOAD_ID, segment: 0, rows });
}

/** Fills the pool with connections that are open and idle. */
async function warmUp(pool: Database, connections: number): Promise<void> {
  await Promise.all(Array.from({ length: connections }, () => pool.raw('select pg_sleep(0.1)')));
  expect(pool.client.pool.numFree()).toBe(connections);
}

async function ledgerSize({ database }: Fixtures): Promise<number> {
  const { rows } = await database.raw<{ rows: { n: number }[] }>('select count(*) as n from upload_rows');
  return rows[0]?.n ?? 0;
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  const result = await work;
  return { result, ms: performance.now() - start };
}

test('after a freeze whose sockets have lost their peer, the next batch lands within seconds', async () => {
  const container = await setupContainer();
  await warmUp(container.pool, 2);

  await container.proxy.blackhole(FREEZE_MS);
  const { result: failed, ms } = await timed(container.invoke());

  expect(failed).toBe(0);
  expect(ms).toBeLessThan(RECOVERY_TIMEOUT_MS);
  expect(await ledgerSize(container)).toBe(1);
});

test('a server that is frozen, SIGSTOP, holds up the next batch for seconds only', async () => {
  const container = await setupContainer();
  await warmUp(container.pool, 2);

  const thaw = await freezeSessions(container);
  await delay(FREEZE_MS);
  const { result: failed, ms } = await timed(container.invoke());
  thaw();

  expect(failed).toBe(0);
  expect(ms).toBeLessThan(RECOVERY_TIMEOUT_MS);
  expect(await ledgerSize(container)).toBe(1);
});

/** Stops the server processes of the container's sessions. They are idle, so they hold nothing that others need. */
async function freezeSessions({ database, pool }: { database: Database; pool: Database }): Promise<() => void> {
  const { rows: own } = await database.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() as pid');
  const { rows } = await database.raw<{ rows: { pid: number }[] }>(
    `select pid from pg_stat_activity where datname = current_database() and pid <> all (?::integer[]) and state = 'idle'`,
    [own.map(({ pid }) => pid)],
  );
  expect(rows).toHaveLength(pool.client.pool.numFree());
  for (const { pid } of rows) process.kill(pid, 'SIGSTOP');
  let frozen = true;
  const thaw = () => {
    if (frozen) for (const { pid } of rows) process.kill(pid, 'SIGCONT');
    frozen = false;
  };
  onTestFinished(thaw);
  return thaw;
}

test('sockets that were cut during a freeze cost nothing: the next batch lands', async () => {
  const container = await setupContainer();
  await warmUp(container.pool, 2);

  expect(container.proxy.cut()).toBe(2);
  await delay(FREEZE_MS);

  expect(await container.invoke()).toBe(0);
  expect(await ledgerSize(container)).toBe(1);
});

test('a batch whose answer is lost comes again and lands once', async () => {
  const container = await setupContainer({ statementTimeoutMs: ANSWER_TIMEOUT_MS });
  const { proxy, database, handler, sqs, rowQueueUrl, log } = container;
  const messages = await deliver(sqs, rowQueueUrl, [rowMessage(2), rowMessage(3)]);
  const release = await blockWrites(container);

  const invocation = timed(handler(sqsEvent(messages)));
  await expect.poll(() => statementsThatWait(container.database), { timeout: 5 * SECOND }).toBe(1);
  const hole = proxy.blackhole(FREEZE_MS);
  await release();
  await expect.poll(() => ledgerSize(container), { timeout: 5 * SECOND }).toBe(2);
  const { result, ms } = await invocation;
  await hole;

  // It has landed, but nobody could know: no row is rejected or lost for that, and all messages come again.
  expect(result.batchItemFailures).toHaveLength(2);
  expect(ms).toBeLessThan(ANSWER_TIMEOUT_MS + RECOVERY_TIMEOUT_MS);
  expect(log.entries).toMatchObject([{ messages: 2, err: { message: 'Query read timeout' } }]);
  const again: SqsMessage[] = [];
  const comeAgain = async () => again.push(...(await receive(sqs, rowQueueUrl)));
  await expect.poll(comeAgain, { timeout: 10 * SECOND }).toBe(2);
  expect((await handler(sqsEvent(again))).batchItemFailures).toEqual([]);
  expect(await ledgerSize(container)).toBe(2);
  const { rows } = await database.raw(
    'select sum(inserted) as inserted, sum(unchanged) as unchanged from upload_counts',
  );
  expect(rows).toEqual([{ inserted: '2', unchanged: '0' }]);
}, 60_000);

test('200 batches at once at a pool of one: all land, none has to come again', async () => {
  const container = await setupContainer({ poolMax: 1 });

  const failed = await Promise.all(Array.from({ length: 200 }, () => container.invoke(3)));

  expect(failed.filter((messages) => messages > 0)).toEqual([]);
  expect(await ledgerSize(container)).toBe(600);
  expect(await depthOf(container.sqs, container.rowDlqUrl)).toEqual({ visible: 0, hidden: 0 });
});

test('the server bounds what a session may do, so that one whose client is gone keeps no lock', async () => {
  const { pool } = await setupContainer();
  const show = async (setting: string) => (await pool.raw(`show ${setting}`)).rows[0][setting];

  expect(await show('statement_timeout')).toBe('25s');
  expect(await show('idle_in_transaction_session_timeout')).toBe('1min');
  expect(await show('idle_session_timeout')).toBe('2min');
});

test('a statement over its bound is ended by the server, and the connection stays good', async () => {
  const { pool } = await setupContainer({ poolMax: 1, statementTimeoutMs: 200 });
  const before = (await pool.raw('select pg_backend_pid() as pid')).rows;

  const error = await pool.raw('select pg_sleep(10)').catch((caught: unknown) => caught);

  expect(error).toMatchObject({ code: '57014' });
  expect(isDatabaseUnavailable(error)).toBe(true);
  expect((await pool.raw('select pg_backend_pid() as pid')).rows).toEqual(before);
});

test('a pool that was destroyed says so in words that mean "try again", as does one that is full', async () => {
  const { databaseUrl } = await setupDatabase();
  const pool = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
  const holder = await pool.transaction();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const waiting = pool.raw('select 1').catch((error: unknown) => error);
  await expect.poll(() => pool.client.pool.numPendingAcquires()).toBe(1);
  vi.advanceTimersByTime(20 * SECOND);
  const full = await waiting;
  vi.useRealTimers();
  await holder.rollback();
  await pool.destroy();
  const destroyed = await pool.raw('select 1').catch((error: unknown) => error);

  expect(full).toMatchObject({ message: expect.stringContaining('Timeout acquiring a connection') });
  expect(destroyed).toMatchObject({ message: expect.stringContaining('Unable to acquire a connection') });
  for (const error of [full, destroyed]) expect(isDatabaseUnavailable(error)).toBe(true);
});

test('a connection that nobody uses is closed after seconds, so that a frozen container leaves none open', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { database, pool } = await setupContainer();
  await warmUp(pool, 2);

  vi.advanceTimersByTime(9 * SECOND);
  expect(pool.client.pool.numFree()).toBe(2);
  vi.advanceTimersByTime(3 * SECOND);
  expect(pool.client.pool.numFree()).toBe(0);

  expect((await database.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
