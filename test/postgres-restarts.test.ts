import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type Database, isDatabaseUnavailable, sqlState } from '@rowferry/database';
import { startPostgres } from '@rowferry/embedded';
import { temporaryParent } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';

const SECOND = 1000;

/** A Postgres of the test's own, which can be stopped and started while its pools stay. */
async function setupServer() {
  const directory = await mkdtemp(join(temporaryParent(), 'rowferry-restarts-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  // Others may pass through it: root's Postgres runs as another user.
  await chmod(directory, 0o711);
  const start = (port: number) => startPostgres({ dataDir: join(directory, 'postgres'), port, database: 'rowferry' });
  let server = await start(0);
  onTestFinished(() => server.stop());
  const url = server.url;
  return {
    pool(): Database {
      const database = connect({ url, poolMax: 1, onWarning: () => {} });
      onTestFinished(() => database.destroy());
      return database;
    },
    /** https://www.postgresql.org/docs/current/server-shutdown.html */
    signal: (signal: NodeJS.Signals) => process.kill(server.pid, signal),
    async startAgain() {
      server = await start(server.port);
    },
  };
}

function failing(database: Database, sql: string): Promise<unknown> {
  return database.raw(sql).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** How many sessions are at work, asleep. */
async function sleepers(database: Database): Promise<number> {
  const { rows } = await database.raw<{ rows: { n: number }[] }>(
    "select count(*) as n from pg_stat_activity where wait_event = 'PgSleep'",
  );
  return rows[0]?.n ?? 0;
}

test('whatever Postgres says while it stops, crashes and starts means "try again", and the pool goes on by itself', async () => {
  const server = await setupServer();
  const [working, asking, other] = [server.pool(), server.pool(), server.pool()];
  const codes = new Set<string | undefined>();
  const collect = (error: unknown) => {
    if (error === undefined) return;
    expect(error).toSatisfy(isDatabaseUnavailable);
    codes.add(sqlState(error));
  };
  const answers = async () => {
    const error = await failing(asking, 'select 1');
    collect(error);
    return error === undefined;
  };

  // A crash: one backend is killed, and the postmaster ends all others.
  const pid = (await other.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
  const interrupted = failing(working, 'select pg_sleep(60)');
  await expect.poll(() => sleepers(asking)).toBe(1);
  process.kill(pid, 'SIGKILL');
  // 57P02, crash_shutdown, comes as a warning; the error is what the connection then ends with.
  expect(await interrupted).toMatchObject({ message: 'Connection terminated unexpectedly' });
  collect(await interrupted);
  await expect.poll(answers, { timeout: 20 * SECOND }).toBe(true);

  // A slow stop: no new sessions, while one is at work. Then a fast one, which ends that too.
  const atWork = failing(working, 'select pg_sleep(60)');
  await expect.poll(() => sleepers(asking)).toBe(1);
  const late = server.pool();
  server.signal('SIGTERM');
  await expect.poll(async () => sqlState(await failing(late, 'select 1')), { timeout: 10 * SECOND }).toBe('57P03');
  server.signal('SIGINT');
  collect(await atWork);
  expect([...codes]).toContain('57P01');

  await server.startAgain();
  expect(await failing(working, 'select 1')).toBeUndefined();
  expect(await failing(late, 'select 1')).toBeUndefined();
}, 90_000);
