import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive, moduleUrl, processesOf, runScript, type ScriptOptions } from '../../test/run-script.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { EmbeddedError } from '../host/embedded-error.ts';
import { freePort } from '../host/free-port.ts';
import { NOBODY } from './account.ts';
import { type PostgresOptions, startPostgres } from './start-postgres.ts';

const isRoot = process.getuid?.() === 0;
const asNobody = { uid: NOBODY, gid: NOBODY };
/** Whether root can run what lies in this clone as another user; below a closed directory, such as /root, it cannot. */
const canSwitch = isRoot && spawnSync(process.execPath, ['--version'], asNobody).status === 0;

async function setupPostgres(options: Partial<PostgresOptions> & { dataDir: string }) {
  const server = await startPostgres({ port: 0, database: 'rowferry', ...options });
  onTestFinished(() => server.stop());
  return server;
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts a server from a process of its own that is then killed, with the keeper of the server; gives its process id. */
async function leaveOrphan(dataDir: string, options?: ScriptOptions): Promise<number> {
  const script = runScript(
    `
    import { startPostgres } from ${JSON.stringify(moduleUrl('index.ts'))};
    const { url, pid } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, port: 0, database: 'rowferry' });
    console.log(JSON.stringify({ url, pid }));
    setInterval(() => {}, 1000);
    `,
    options,
  );
  const { url, pid } = JSON.parse(await script.nextLine());
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGQUIT');
  });
  await query(url, 'create table kept as select 42 as answer');
  for (const keeper of processesOf(dataDir, 'rowferry-postgres-keeper')) process.kill(keeper, 'SIGKILL');
  script.child.kill('SIGKILL');
  await script.exited;
  expect(isAlive(pid)).toBe(true);
  return pid;
}

async function expectRecovery(dataDir: string, orphan: number): Promise<void> {
  const server = await setupPostgres({ dataDir });
  expect(isAlive(orphan)).toBe(false);
  expect(await query(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
}

test('a new server is durable, on loopback only, behind a password, and sorts by code point', async () => {
  const dataDir = join(await temporaryDirectory(0o711), 'postgres');
  const server = await setupPostgres({ dataDir, settings: { work_mem: '8MB', application_name: "it's a test" } });
  const names = [
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'listen_addresses',
    'unix_socket_directories',
    'work_mem',
  ];
  const settings = await query<{ name: string; setting: string }>(server.url, 'select name, setting from pg_settings');
  const shown = Object.fromEntries(settings.map(({ name, setting }) => [name, setting]));
  expect(names.map((name) => shown[name])).toEqual(['on', 'on', 'on', '127.0.0.1', '', '8192']);

  const rows = await query<{ name: string }>(
    server.url,
    "select name from (values ('é'), ('b'), ('B'), ('a')) v(name) order by name",
  );
  expect(rows.map((row) => row.name)).toEqual(['B', 'a', 'b', 'é']);
  expect(await query(server.url, "select upper('é') as upper")).toEqual([{ upper: 'É' }]);

  const wrong = server.url.replace(/:[0-9a-f]+@/, ':guess@');
  expect(wrong).not.toBe(server.url);
  await expect(query(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataDir, 'rowferry.password'))).mode & 0o777).toBe(0o600);
});

test('stop ends the server, twice is fine, and the next start finds the data with the same password', async () => {
  const dataDir = join(await temporaryDirectory(0o711), "it's a dir é", 'postgres');
  const first = await setupPostgres({ dataDir });
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  expect(await first.exited).toBeUndefined();
  const second = await setupPostgres({ dataDir, port: first.port });
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('after kill -9 of its parent the next start stops the orphan and finds the data', async () => {
  const dataDir = join(await temporaryDirectory(0o711), 'postgres');
  const orphan = await leaveOrphan(dataDir);
  if (canSwitch) expect((await stat(dataDir)).uid).not.toBe(0);
  await expectRecovery(dataDir, orphan);
});

test.runIf(isRoot)('the same as root below a directory that is closed to others, in a user namespace', async () => {
  const dataDir = join(await temporaryDirectory(0o700), 'postgres');
  const orphan = await leaveOrphan(dataDir);
  expect((await stat(dataDir)).uid).toBe(0);
  await expectRecovery(dataDir, orphan);
});

test.runIf(canSwitch)('the same as a normal user; what that user made is served by root as that user', async () => {
  const home = join(await temporaryDirectory(0o777), 'home');
  const orphan = await leaveOrphan(join(home, 'postgres'), asNobody);
  expect((await stat(join(home, 'postgres'))).uid).toBe(NOBODY);
  await expectRecovery(join(home, 'postgres'), orphan);
  expect((await stat(join(home, 'postgres'))).uid).toBe(NOBODY);
});

test('after kill -9 of the server itself the next start recovers', async () => {
  const dataDir = join(await temporaryDirectory(0o711), 'postgres');
  const first = await setupPostgres({ dataDir });
  await query(first.url, 'create table kept as select 42 as answer');
  process.kill(first.pid, 'SIGKILL');
  expect(await first.exited).toEqual(new EmbeddedError(`Postgres ended unexpectedly; see ${dataDir}.log`));
  await expectRecovery(dataDir, first.pid);
});

test('a pid file that names a process of something else stops neither the start nor that process', async () => {
  const dataDir = join(await temporaryDirectory(0o711), 'postgres');
  const first = await setupPostgres({ dataDir });
  const pidFile = await readFile(join(dataDir, 'postmaster.pid'), 'utf8');
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  await writeFile(join(dataDir, 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)));
  await expectRecovery(dataDir, first.pid);
});

test('an initdb that was killed half-way is redone, and its remains are removed', async () => {
  const directory = await temporaryDirectory(0o711);
  await mkdir(join(directory, 'postgres.init-abc', 'data', 'base'), { recursive: true });
  await mkdir(join(directory, 'postgres'));
  await setupPostgres({ dataDir: join(directory, 'postgres') });
  expect((await readdir(directory)).sort()).toEqual(['postgres', 'postgres.log']);
});

test('a port in use is one clear line that names the port', async () => {
  const port = await freePort();
  const other = createServer();
  onTestFinished(() => void other.close());
  await new Promise<void>((listening) => void other.listen(port, '127.0.0.1', listening));
  const dataDir = join(await temporaryDirectory(0o711), 'postgres');
  await expect(setupPostgres({ dataDir, port })).rejects.toThrow(
    new EmbeddedError(`Port ${port} for Postgres is in use: stop what listens there, or start again for another one`),
  );
});

test('the preferred port is taken from a server that was left behind, and not from another program', async () => {
  const dataDir = join(await temporaryDirectory(0o711), 'postgres');
  const orphan = await leaveOrphan(dataDir);
  const [, , , port] = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n');
  const preferredPort = Number(port);
  const server = await setupPostgres({ dataDir, preferredPort });
  expect(server.port).toBe(preferredPort);
  expect(isAlive(orphan)).toBe(false);
  await server.stop();

  const other = createServer();
  onTestFinished(() => void other.close());
  await new Promise<void>((listening) => void other.listen(preferredPort, '127.0.0.1', listening));
  expect((await setupPostgres({ dataDir, preferredPort })).port).not.toBe(preferredPort);
});

test('data of another major version is one clear line, and stays untouched', async () => {
  const dataDir = join(await temporaryDirectory(0o711), 'postgres');
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'PG_VERSION'), '17\n');
  const start = setupPostgres({ dataDir });
  await expect(start).rejects.toThrow(EmbeddedError);
  await expect(start).rejects.toThrow(
    /^The data in .+ is of Postgres 17, and this Rowferry brings Postgres 18: [^\n]+$/,
  );
  expect(await readdir(dataDir)).toEqual(['PG_VERSION']);
});

test('a directory with other files in it is not taken for a data directory', async () => {
  const dataDir = join(await temporaryDirectory(0o711), 'postgres');
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'thesis.txt'), 'precious');
  await expect(setupPostgres({ dataDir })).rejects.toThrow(/^.+ holds files, but no Postgres data: [^\n]+$/);
  expect(await readdir(dataDir)).toEqual(['thesis.txt']);
});

test('a setting that Postgres refuses is one clear line that quotes it', async () => {
  const dataDir = join(await temporaryDirectory(0o711), 'postgres');
  const start = setupPostgres({ dataDir, settings: { shared_buffers: 'plenty' } });
  await expect(start).rejects.toThrow(/^Postgres did not start: .*shared_buffers[^\n]*$/);
});
