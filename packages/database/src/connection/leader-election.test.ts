import { setupDatabase, setupProxy } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { Database } from './connect.ts';
import { LeaderElection } from './leader-election.ts';

const KEY = 4711;

function candidate(url: string, key = KEY): LeaderElection {
  const leaderElection = new LeaderElection(url, key);
  onTestFinished(() => leaderElection.release());
  return leaderElection;
}

test('of many that want to lead one does, for as long as it likes', async () => {
  const { databaseUrl } = await setupDatabase();
  const candidates = Array.from({ length: 5 }, () => candidate(databaseUrl));

  const first = await Promise.all(candidates.map((one) => one.tryAcquire()));
  const second = await Promise.all(candidates.map((one) => one.tryAcquire()));

  expect(first.filter((leads) => leads)).toHaveLength(1);
  expect(second).toEqual(first);
});

test('when the leader lets go, another one may lead', async () => {
  const { databaseUrl } = await setupDatabase();
  const [leader, follower] = [candidate(databaseUrl), candidate(databaseUrl)];
  expect([await leader.tryAcquire(), await follower.tryAcquire()]).toEqual([true, false]);

  await leader.release();

  expect(await follower.tryAcquire()).toBe(true);
  expect(await leader.tryAcquire()).toBe(false);
});

test('a leadership that was acquired many times is released once', async () => {
  const { databaseUrl } = await setupDatabase();
  const [leader, follower] = [candidate(databaseUrl), candidate(databaseUrl)];
  for (let times = 0; times < 5; times++) expect(await leader.tryAcquire()).toBe(true);

  await leader.release();

  expect(await follower.tryAcquire()).toBe(true);
});

test('different jobs have different leaders', async () => {
  const { databaseUrl } = await setupDatabase();
  expect([await candidate(databaseUrl, 1).tryAcquire(), await candidate(databaseUrl, 2).tryAcquire()]).toEqual([
    true,
    true,
  ]);
});

test('a leader whose connection is lost learns of it, and leads again, or not, when it asks the next time', async () => {
  const { databaseUrl } = await setupDatabase();
  const proxy = await setupProxy(databaseUrl);
  const [leader, follower] = [candidate(proxy.url), candidate(databaseUrl)];
  expect(await leader.tryAcquire()).toBe(true);

  await proxy.shut();
  await expect(leader.tryAcquire()).rejects.toThrow();
  await expect.poll(() => follower.tryAcquire(), { timeout: 10_000 }).toBe(true);
  await proxy.open();

  expect(await leader.tryAcquire()).toBe(false);
  await follower.release();
  expect(await leader.tryAcquire()).toBe(true);
});

test('a leader whose session the server ends leads no more', async () => {
  const { database, databaseUrl } = await setupDatabase();
  const [leader, follower] = [candidate(databaseUrl), candidate(databaseUrl)];
  expect(await leader.tryAcquire()).toBe(true);

  await database.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'rowferry-leader'`,
  );

  await expect.poll(() => follower.tryAcquire().catch(() => false), { timeout: 10_000 }).toBe(true);
  await expect.poll(() => leader.tryAcquire().catch(() => undefined), { timeout: 10_000 }).toBe(false);
});

test('a leader whose session is silent learns of it within seconds, before its next beat', async () => {
  const { database, databaseUrl } = await setupDatabase();
  const leader = candidate(databaseUrl);
  expect(await leader.tryAcquire()).toBe(true);
  await freezeLeader(database);
  const start = performance.now();

  await expect(leader.tryAcquire()).rejects.toThrow('Query read timeout');

  expect(performance.now() - start).toBeLessThan(9000);
}, 30_000);

/** Stops the leader's server process until the end of the test. */
async function freezeLeader(database: Database): Promise<void> {
  const { rows } = await database.raw<{ rows: { pid: number }[] }>(
    `select pid from pg_stat_activity where datname = current_database() and application_name = 'rowferry-leader'`,
  );
  for (const { pid } of rows) {
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(pid, 'SIGCONT'));
  }
}

test('the session hears what is sent to its channel, before and after its connection was lost', async () => {
  const { database, databaseUrl } = await setupDatabase();
  const proxy = await setupProxy(databaseUrl);
  const listener = new LeaderElection(proxy.url, KEY, 'The "channel"');
  onTestFinished(() => listener.release());
  const heard: string[] = [];
  listener.onNotification = (payload) => heard.push(payload);
  const say = async (payload: string) => {
    await database.raw('select pg_notify(?, ?)', ['another channel', payload]);
    await database.raw('select pg_notify(?, ?)', ['The "channel"', payload]);
  };

  await listener.tryAcquire();
  await say('one');
  await expect.poll(() => heard).toEqual(['one']);
  await proxy.shut();
  await expect(listener.tryAcquire()).rejects.toThrow();
  await proxy.open();
  await expect.poll(() => listener.tryAcquire().catch(() => false), { timeout: 10_000 }).toBe(true);
  await say('two');

  await expect.poll(() => heard).toEqual(['one', 'two']);
});
