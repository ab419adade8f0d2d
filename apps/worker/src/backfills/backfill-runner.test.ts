import { listBackfillFiles } from '@rowferry/database';
import { removeObject } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { type BackfillFixtures, PAUSES, setupBackfill } from '../../test/setup-backfill.ts';
import { runExecution, type TaskHandler } from './run-execution.ts';

type Task = { operation: string; fileId?: number };

/** The task that a handler was called with. */
function taskOf(event: unknown): Task {
  return event as Task;
}

async function reasonsOf({ database }: BackfillFixtures, id: string, state: 'failed' | 'skipped') {
  const { files } = await listBackfillFiles(database, id, { state, limit: 100, offset: 0 });
  return files.map(({ key, reason }) => `${key} ${reason?.code}`).toSorted();
}

async function eventsOf({ database }: BackfillFixtures) {
  const { rows } = await database.raw(`select subject, type, data from events where type like 'backfill.%'`);
  return rows;
}

async function countPeople({ database }: BackfillFixtures): Promise<number> {
  const { rows } = await database.raw(`select count(*) as people from employees where company_name = 'Acme'`);
  return rows[0].people;
}

test('of two hundred files each ends on its own, whatever fails on the way, and one of two workers loads them', async () => {
  const backfill = await setupBackfill();
  const { put, putFile, request, run, ended, handler, s3, bucket, log } = backfill;
  const names = Array.from({ length: 194 }, (_, index) => `staff-${index}`);
  await Promise.all([
    ...names.map((name) => putFile(name)),
    put('incoming/', ''),
    put('incoming/empty.csv', ''),
    put('incoming/gone.csv', 'x'),
    put('incoming/other-header.csv', 'name;mail\nJane;jane@x.org\n'),
    put('incoming/picture.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')),
    put('incoming/too-large.csv', Buffer.alloc(2 ** 20 + 1, 'x')),
    put('incoming/stubborn.csv', 'x'),
  ]);
  const attempts = new Map<string, number>();
  let stubborn: number | undefined;
  const faulty =
    (worker: string): TaskHandler =>
    async (event) => {
      const task = taskOf(event);
      const name = `${task.operation} ${task.fileId ?? ''}`;
      attempts.set(name, (attempts.get(name) ?? 0) + 1);
      attempts.set(worker, (attempts.get(worker) ?? 0) + 1);
      if (task.operation === 'take') {
        await removeObject(s3, { bucket, key: 'incoming/gone.csv' });
        const { files } = await listBackfillFiles(backfill.database, id, { state: undefined, limit: 300, offset: 0 });
        stubborn ??= files.find(({ key }) => key === 'incoming/stubborn.csv')?.id;
      }
      if (task.operation === 'start-file' && task.fileId === stubborn) throw new TypeError('a bug');
      // Every task of the backfill as a whole, and of every tenth file, fails the first time.
      if (attempts.get(name) === 1 && (task.fileId ?? 0) % 10 === 0) throw new Error('the first attempt fails');
      return handler(event);
    };

  const id = await request();
  run(faulty('one'));
  run(faulty('another'));
  const { status, files, rows, unchanged } = await ended(id);

  expect(await reasonsOf(backfill, id, 'failed')).toEqual([
    'incoming/other-header.csv profile_mismatch',
    'incoming/picture.csv not_csv',
    'incoming/stubborn.csv not_started',
  ]);
  expect(await reasonsOf(backfill, id, 'skipped')).toEqual([
    'incoming/empty.csv empty_file',
    'incoming/gone.csv object_gone',
    'incoming/too-large.csv file_too_large',
  ]);
  expect({ status, files, unchanged }).toEqual({
    status: 'completed_with_errors',
    files: { waiting: 0, running: 0, done: 194, failed: 3, skipped: 3 },
    unchanged: 0,
  });
  expect(rows).toMatchObject({ inserted: 388, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 });
  expect(await countPeople(backfill)).toBe(388);
  expect([attempts.get('one'), attempts.get('another')].filter((tasks) => tasks !== undefined)).toHaveLength(1);
  expect(attempts.get(`start-file ${stubborn}`)).toBe(4);
  expect(attempts.get('list ')).toBeGreaterThan(1);
  expect(log.entries.filter(({ msg }) => msg === 'backfill ended')).toHaveLength(1);
  expect(await eventsOf(backfill)).toEqual([
    {
      subject: id,
      type: 'backfill.completed_with_errors',
      data: { backfillId: id, files: 200, failedFiles: 3, link: `/v1/backfills/${id}` },
    },
  ]);

  const again = await ended(await request());
  expect(again).toMatchObject({ status: 'completed_with_errors', unchanged: 197, rows: { inserted: 0 } });
  expect(await reasonsOf(backfill, again.id, 'failed')).toEqual(['incoming/stubborn.csv profile_mismatch']);
});

test('what a worker that died has begun another one ends, and nothing is loaded twice', async () => {
  const backfill = await setupBackfill();
  const { putFile, request, run, ended, handler, database } = backfill;
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) await putFile(name);
  const dead = Promise.withResolvers<never>();
  dead.promise.catch(() => {});
  const reached = Promise.withResolvers<void>();
  let copied = 0;
  const id = await request(2);
  // The third file is copied, but nobody hears of it any more.
  const { runner, leaderElection } = run(async (event) => {
    if (copied > 2) return dead.promise;
    const answer = await handler(event);
    if (taskOf(event).operation === 'start-file' && ++copied > 2) {
      reached.resolve();
      return dead.promise;
    }
    return answer;
  });
  await reached.promise;
  await leaderElection.release();

  run();
  expect(await ended(id)).toMatchObject({
    status: 'completed',
    files: { done: 8, failed: 0 },
    rows: { inserted: 16, updated: 0, unchanged: 0 },
  });

  const { rows } = await database.raw('select count(*) as uploads from uploads');
  expect(rows[0].uploads).toBe(8);
  dead.reject(new Error('the worker is dead'));
  await runner.stop();
});

test('two executions of one backfill at the same time do no harm', async () => {
  const backfill = await setupBackfill();
  const { putFile, request, handler, ended, database, log } = backfill;
  for (let file = 0; file < 12; file++) await putFile(`staff-${file}`);
  const id = await request(4);
  const { signal } = new AbortController();

  const execution = () => runExecution({ handler, input: { backfillId: id }, signal, pauses: PAUSES });
  await Promise.all([execution(), execution()]);

  expect(await ended(id)).toMatchObject({
    status: 'completed',
    files: { done: 12 },
    rows: { inserted: 24, unchanged: 0 },
  });
  const { rows } = await database.raw('select count(*) as uploads from uploads');
  expect(rows[0].uploads).toBe(12);
  expect(log.entries.filter(({ msg }) => msg === 'backfill ended')).toHaveLength(1);
});

test('a backfill whose own tasks fail in all attempts fails, with the reason; another loads its files', async () => {
  const backfill = await setupBackfill();
  const { putFile, request, run, ended, handler } = backfill;
  await putFile('a');
  let isBroken = true;
  run(async (event) => {
    if (isBroken && taskOf(event).operation === 'take') throw new RangeError('a bug that quotes jane@x.org');
    return handler(event);
  });

  const failed = await ended(await request());
  isBroken = false;

  expect(failed).toMatchObject({
    status: 'failed',
    failure: { code: 'task_failed', detail: expect.stringContaining('RangeError') },
  });
  expect(JSON.stringify(failed)).not.toContain('jane');
  expect(await ended(await request())).toMatchObject({ status: 'completed', rows: { inserted: 2 } });
});
