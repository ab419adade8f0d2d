import { setupDatabase, setupProxy, setupTransactionPooler } from '@rowferry/testing';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Database } from './connect.ts';
import { LeaderElection } from './leader-election.ts';

const JOB = 'watch';

function candidate(url: string, job = JOB): LeaderElection {
  const leaderElection = new LeaderElection({ url, job });
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

test('several callers at the same time share one connection', async () => {
  const { database, databaseUrl } = await setupDatabase();
  const leader = candidate(databaseUrl);

  expect(await Promise.all([leader.tryAcquire(), leader.tryAcquire(), leader.tryAcquire()])).toEqual([
    true,
    true,
    true,
  ]);

  const { rows } = await database.raw(
    `select from pg_stat_activity where datname = current_database() and application_name = 'rowferry-leader'`,
  );
  expect(rows).toHaveLength(1);
});

test('different jobs have different leaders', async () => {
  const { databaseUrl } = await setupDatabase();
  expect([
    await candidate(databaseUrl, 'watch').tryAcquire(),
    await candidate(databaseUrl, 'sweep').tryAcquire(),
  ]).toEqual([true, true]);
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
  const listener = new LeaderElection({ url: proxy.url, job: JOB, channel: 'The "channel"' });
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

describe('through a connection pooler that gives each transaction another session', () => {
  test('one leads, for as long as it likes, and when it lets go, another one', async () => {
    const { databaseUrl } = await setupDatabase();
    const pooledUrl = await setupTransactionPooler(databaseUrl);
    const [leader, follower] = [candidate(pooledUrl), candidate(pooledUrl)];

    for (let times = 0; times < 5; times++)
      expect([await leader.tryAcquire(), await follower.tryAcquire()]).toEqual([true, false]);
    await leader.release();

    expect(await follower.tryAcquire()).toBe(true);
    expect(await leader.tryAcquire()).toBe(false);
  });

  test('a leader is one for those too whose connection is their own, and the other way round', async () => {
    const { databaseUrl } = await setupDatabase();
    const [pooled, direct] = [candidate(await setupTransactionPooler(databaseUrl)), candidate(databaseUrl)];

    expect([await pooled.tryAcquire(), await direct.tryAcquire()]).toEqual([true, false]);
    await pooled.release();
    expect([await direct.tryAcquire(), await pooled.tryAcquire()]).toEqual([true, false]);
  });

  test('when a leader has died, another one leads as soon as its lease has expired', async () => {
    const { database, databaseUrl } = await setupDatabase();
    const pooledUrl = await setupTransactionPooler(databaseUrl);
    const proxy = await setupProxy(pooledUrl);
    const [leader, follower] = [candidate(proxy.url), candidate(pooledUrl)];
    expect(await leader.tryAcquire()).toBe(true);
    proxy.hang();
    expect(await follower.tryAcquire()).toBe(false);

    await database.raw(`update leases set expires_at = now() - interval '1 ms'`);

    expect(await follower.tryAcquire()).toBe(true);
  });

  test('it is said once, and the shared sessions keep nothing of it', async () => {
    const { databaseUrl } = await setupDatabase();
    const said: string[] = [];
    const settings = { job: JOB, channel: 'news', onPooler: () => said.push('pooler') };
    const sessions = 3;
    const pooledUrl = await setupTransactionPooler(databaseUrl, sessions);
    const pooled = new LeaderElection({ ...settings, url: pooledUrl });
    const direct = new LeaderElection({ ...settings, url: databaseUrl });
    onTestFinished(() => direct.release());

    await direct.tryAcquire();
    expect(said).toEqual([]);
    for (let times = 0; times < sessions; times++) {
      await pooled.tryAcquire();
      await pooled.release();
    }

    expect(said).toEqual(['pooler']);
    const client = new pg.Client({ connectionString: pooledUrl });
    await client.connect();
    onTestFinished(() => client.end());
    const kept = new Map<number, unknown>();
    for (let session = 0; session < sessions; session++) {
      const { rows } = await client.query(
        `select pg_backend_pid() as pid, current_setting('idle_session_timeout') as timeout,
           array(select pg_listening_channels()) as channels`,
      );
      const [{ pid, ...rest }] = rows;
      kept.set(pid, rest);
    }
    expect([...kept.values()]).toEqual(Array(sessions).fill({ timeout: '0', channels: [] }));
  });
});

test('a leader that renews its lease keeps it beyond the first', async () => {
  const { database, databaseUrl } = await setupDatabase();
  const [leader, follower] = [candidate(databaseUrl), candidate(databaseUrl)];
  expect(await leader.tryAcquire()).toBe(true);
  const expiry = async () => (await database('leases').first('expires_at'))?.expires_at;
  const first = await expiry();
  expect(await leader.tryAcquire()).toBe(true);
  expect(await expiry()).toEqual(first);

  await database.raw(`update leases set expires_at = now() + interval '5 s'`);
  expect(await leader.tryAcquire()).toBe(true);

  expect((await expiry()).getTime()).toBeGreaterThan(Date.now() + 6000);
  expect(await follower.tryAcquire()).toBe(false);
});
