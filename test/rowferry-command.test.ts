import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Fixtures, setup, setupEmptyDatabase } from '@rowferry/testing';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { newDataDir, npmStart } from './support/npm-start.ts';
import { environmentOf, ROWFERRY } from './support/plain-process.ts';
import { aliveOf, familyOf, killHard } from './support/processes.ts';
import { usersEnvironment } from './support/users-environment.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

type Result = { code: number; stdout: string; stderr: string };

/** Runs the command as a person would: with the machine's own Node first on the path. */
function rowferry(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  return new Promise((resolve) => {
    execFile(ROWFERRY, args, { env: { ...usersEnvironment(), ...env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test.for([
  { name: 'rowferry start', command: [ROWFERRY, 'start'] },
  { name: 'npm start', command: ['npm', 'start'] },
] as const)(
  'SIGTERM to `$name` stops Postgres, the emulator, the worker and the API, with code 0',
  {
    timeout: 3 * MINUTE,
  },
  async ({ command }) => {
    const running = await npmStart({ DATA_DIR: await newDataDir(), PORT: '0' }, command);
    const pids = running.pids();

    const { code, signal } = await running.terminate();

    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(aliveOf(pids)).toEqual([]);
  },
);

test.for([
  { command: [ROWFERRY, 'api'], started: 'API started' },
  { command: [ROWFERRY, 'worker'], started: 'worker started' },
  { command: ['npm', 'run', 'start:api'], started: 'API started' },
  { command: ['npm', 'run', 'start:worker'], started: 'worker started' },
] as const)('SIGTERM to `$command` stops it, with code 0', { timeout: 2 * MINUTE }, async ({ command, started }) => {
  const server = await startServer(await setup(), command, started);
  const pids = familyOf(server.pid);

  process.kill(server.pid, 'SIGTERM');

  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(aliveOf(pids)).toEqual([]);
});

test.skipIf(!existsSync('/proc/self/exe'))(
  'the command is the server itself: nothing is between it and its signals',
  async () => {
    const server = await startServer(await setup(), [ROWFERRY, 'worker'], 'worker started');
    expect(familyOf(server.pid)).toEqual([server.pid]);
  },
);

async function startServer(fixtures: Fixtures, [file, ...args]: readonly [string, ...string[]], started: string) {
  const env = { ...usersEnvironment(), ...environmentOf(fixtures), PATH: usersEnvironment().PATH, PORT: '0' };
  const child = spawn(file, args, { cwd: ROOT, env, detached: true });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) killHard(familyOf(pid));
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  await expect.poll(() => output, { timeout: MINUTE }).toContain(started);
  return { pid, exited };
}

test.for([
  [[], ['start', 'api', 'worker', 'migrate', 'keys']],
  [['start'], ['DATA_DIR']],
  [['api'], ['DATABASE_URL', 'ROW_QUEUE_URL']],
  [['worker'], ['DATABASE_URL', 'SEGMENT_DLQ_URL']],
  [['migrate'], ['DATABASE_URL']],
  [['keys'], ['create', 'list', 'revoke']],
  [
    ['keys', 'create'],
    ['--name', '--scopes'],
  ],
] as const)('rowferry %j --help says how it is used', async ([command, mentioned]) => {
  const { code, stdout, stderr } = await rowferry([...command, '--help']);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: ${['rowferry', ...command].join(' ')} `));
  for (const word of mentioned) expect(stdout).toContain(word);
});

test.for(['load', 'generate', 'bundle', 'bench:ingest', 'bench:memory', 'bench:parts', 'bench:list', 'test:chaos'])(
  'npm run %s -- --help says how it is used, and does nothing',
  async (script) => {
    const { code, stdout } = await new Promise<Result>((resolve) => {
      const args = ['run', '--silent', script, '--', '--help'];
      execFile('npm', args, { cwd: ROOT, env: usersEnvironment() }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });

    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: npm run .*${script}`));
  },
);

test('rowferry --version is the version of the package', async () => {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
  expect(await rowferry(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('an unknown command is one line, with code 1', async () => {
  expect(await rowferry(['serve'])).toEqual({ code: 1, stdout: '', stderr: "rowferry: unknown command 'serve'\n" });
});

test('rowferry migrate brings an empty database up to date; running it again changes nothing', async () => {
  const DATABASE_URL = await setupEmptyDatabase();

  for (let time = 0; time < 2; time++)
    expect(await rowferry(['migrate'], { DATABASE_URL })).toEqual({
      code: 0,
      stdout: 'The schema is up to date.\n',
      stderr: '',
    });
  expect(await rowferry(['keys', 'list'], { DATABASE_URL })).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('rowferry migrate names the database that cannot be reached in one line, without its password', async () => {
  const result = await rowferry(['migrate'], { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/staff' });

  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toMatch(/^rowferry: Postgres at 127\.0\.0\.1:1\/staff cannot be reached .*DATABASE_URL\n$/);
  expect(result.stderr).not.toContain('secret');
});

test('rowferry migrate says in one line that a database is of a version before 0.1.0, and leaves it as it is', async () => {
  const DATABASE_URL = await setupEmptyDatabase();
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(
    'create table knex_migrations (id serial primary key, name text, batch int, migration_time timestamptz)',
  );
  await client.query("insert into knex_migrations (name) values ('20261122000000_create_schema.ts')");

  const { code, stdout, stderr } = await rowferry(['migrate'], { DATABASE_URL });

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^rowferry: .*made by a version of Rowferry before 0\.1\.0.*\n$/);
  const { rows } = await client.query(
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
  );
  expect(rows).toEqual([{ relname: 'knex_migrations' }]);
});
