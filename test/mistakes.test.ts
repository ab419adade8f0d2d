import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fixtures, setup, setupEmptyDatabase } from '@rowferry/testing';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { environmentOf, ROWFERRY } from './support/plain-process.ts';
import { usersEnvironment } from './support/users-environment.ts';

const SECOND = 1000;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

type Variables = Record<string, string | undefined>;
type Mistake = {
  /** Arguments of `rowferry`. */
  command: readonly string[];
  /** What the environment has in place of what works; undefined leaves a variable out. */
  mistake: (working: Fixtures) => Variables | Promise<Variables>;
  /** The whole of what is printed. */
  line: RegExp;
};

const databaseUrl = (working: Fixtures, change: Partial<URL>) =>
  Object.assign(new URL(working.databaseUrl), change).href;

const MISTAKES: Record<string, Mistake> = {
  'several variables that are not set': {
    command: ['worker'],
    mistake: () => ({ AWS_REGION: undefined, UPLOAD_BUCKET: '', ROW_QUEUE_URL: undefined }),
    line: /^rowferry: AWS_REGION, ROW_QUEUE_URL and UPLOAD_BUCKET are not set$/,
  },
  'a level that there is not': {
    command: ['start'],
    mistake: () => ({ LOG_LEVEL: 'verbose' }),
    line: /^rowferry: LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent$/,
  },
  'a wrong password': {
    command: ['start'],
    mistake: (working) => ({ DATABASE_URL: databaseUrl(working, { password: 'wrong' }) }),
    line: /^rowferry: Postgres at \S+ refuses the password of user \w+; correct it in DATABASE_URL$/,
  },
  'a wrong password, of an API': {
    command: ['api'],
    mistake: (working) => ({ DATABASE_URL: databaseUrl(working, { password: 'wrong' }) }),
    line: /^rowferry: Postgres at \S+ refuses the password of user \w+; correct it in DATABASE_URL$/,
  },
  'a wrong password, of a worker': {
    command: ['worker'],
    mistake: (working) => ({ DATABASE_URL: databaseUrl(working, { password: 'wrong' }) }),
    line: /^rowferry: Postgres at \S+ refuses the password of user \w+; correct it in DATABASE_URL$/,
  },
  'a wrong password, for keys': {
    command: ['keys', 'list'],
    mistake: (working) => ({ DATABASE_URL: databaseUrl(working, { password: 'wrong' }) }),
    line: /^rowferry: Postgres at \S+ refuses the password of user \w+; correct it in DATABASE_URL$/,
  },
  'a database that does not exist': {
    command: ['migrate'],
    mistake: (working) => ({ DATABASE_URL: databaseUrl(working, { pathname: '/nowhere' }) }),
    line: /^rowferry: Postgres at \S+\/nowhere has no such database; create it, or name another in DATABASE_URL$/,
  },
  'a user who may not create tables': {
    command: ['migrate'],
    mistake: async () => ({ DATABASE_URL: await ofPowerlessUser() }),
    line: /^rowferry: Postgres at \S+ does not let user \w+ create the tables \(permission denied for schema public\); grant .*DATABASE_URL$/,
  },
  'a user who may not create the extension': {
    command: ['migrate'],
    mistake: async () => ({ DATABASE_URL: await ofPowerlessUser('grant create on schema public to') }),
    line: /^rowferry: Postgres at \S+ lacks the extension pg_trgm, and user \w+ may not create it; .*create extension pg_trgm$/,
  },
  'TLS to a server without it': {
    command: ['migrate'],
    mistake: (working) => ({ DATABASE_URL: databaseUrl(working, { search: '?sslmode=verify-full' }) }),
    line: /^rowferry: Postgres at \S+ does not speak TLS; set \?sslmode=disable in DATABASE_URL$/,
  },
  'a queue that does not exist, of a worker': {
    command: ['worker'],
    mistake: (working) => ({ ROW_DLQ_URL: `${working.rowDlqUrl}-x` }),
    line: /^rowferry: ROW_DLQ_URL names a queue that does not exist; create what is missing \(docs\/aws\.md\), or .*$/,
  },
  'a queue and a bucket that do not exist, of an API': {
    command: ['api'],
    mistake: (working) => ({ SEGMENT_QUEUE_URL: `${working.segmentQueueUrl}-x`, UPLOAD_BUCKET: 'nowhere' }),
    line: /^rowferry: UPLOAD_BUCKET names a bucket that does not exist; SEGMENT_QUEUE_URL names a queue that does not exist; .*$/,
  },
  'a queue that does not exist, of rowferry start': {
    command: ['start'],
    mistake: (working) => ({ ROW_QUEUE_URL: `${working.rowQueueUrl}-x` }),
    line: /^rowferry: ROW_QUEUE_URL names a queue that does not exist; .*$/,
  },
  'settings on the command line': {
    command: ['start', '--port', '8080'],
    mistake: () => ({}),
    line: /^rowferry: unknown option '--port'; settings come from environment variables, such as PORT=8080; the README lists them$/,
  },
  'a command that there is not': {
    command: ['install'],
    mistake: () => ({}),
    line: /^rowferry: unknown command 'install'$/,
  },
  'a key without a name': {
    command: ['keys', 'create'],
    mistake: () => ({}),
    line: /^rowferry: required option '--name <name>' not specified$/,
  },
  'a host that there is not': {
    command: ['start'],
    mistake: () => ({ DATABASE_URL: 'postgres://nowhere.invalid/rowferry' }),
    line: /^rowferry: Postgres at nowhere\.invalid\/rowferry cannot be reached \(getaddrinfo \w+ nowhere\.invalid\); check DATABASE_URL$/,
  },
  'a database that is not running': {
    command: ['migrate'],
    mistake: async () => ({ DATABASE_URL: 'postgres://127.0.0.1:1/rowferry' }),
    line: /^rowferry: Postgres at 127\.0\.0\.1:1\/rowferry cannot be reached \(connect ECONNREFUSED \S+\); check DATABASE_URL$/,
  },
  'a URL without its beginning': {
    command: ['start'],
    mistake: () => ({ DATABASE_URL: 'localhost:5432/rowferry' }),
    line: /^rowferry: DATABASE_URL must be a URL such as postgres:\/\/user:password@127\.0\.0\.1:5432\/rowferry$/,
  },
  'one of two variables, of rowferry start': {
    command: ['start'],
    mistake: (working) => ({ OBJECT_QUEUE_URL: working.rowQueueUrl }),
    line: /^rowferry: OBJECT_QUEUE_URL is set, but OBJECT_DLQ_URL is not: set both, or neither$/,
  },
  'the other of two variables, of a worker': {
    command: ['worker'],
    mistake: (working) => ({ OBJECT_DLQ_URL: working.rowDlqUrl }),
    line: /^rowferry: OBJECT_DLQ_URL is set, but OBJECT_QUEUE_URL is not: set both, or neither$/,
  },
  'a queue of notifications that does not exist, of a worker': {
    command: ['worker'],
    mistake: (working) => ({ OBJECT_QUEUE_URL: `${working.rowQueueUrl}-x`, OBJECT_DLQ_URL: working.rowDlqUrl }),
    line: /^rowferry: OBJECT_QUEUE_URL names a queue that does not exist; .*$/,
  },
  'a port for metrics that is in use, of a worker': {
    command: ['worker'],
    mistake: async () => ({ METRICS_PORT: await usedPort() }),
    line: /^rowferry: METRICS_PORT \d+ cannot be listened on \(EADDRINUSE\); set another, or none$/,
  },
  'a port for metrics that is in use, of rowferry start': {
    command: ['start'],
    mistake: async () => ({ METRICS_PORT: await usedPort() }),
    line: /^rowferry: METRICS_PORT \d+ cannot be listened on; set another, or none$/,
  },
  'a port for the API that is in use': {
    command: ['api'],
    mistake: async () => ({ PORT: await usedPort() }),
    line: /^rowferry: .*\d+.* in use.*PORT.*$/,
  },
};

test.for(Object.entries(MISTAKES))(
  '%s: one line says what is wrong and what to do, and the command ends with code 1',
  { timeout: 60 * SECOND },
  async ([, { command, mistake, line }]) => {
    const working = await setup();
    const variables = { ...environmentOf(working), PORT: '0', DATA_DIR: await newDirectory() };

    const { code, output } = await run(command, { ...variables, ...(await mistake(working)) });

    expect(output.trimEnd().split('\n')).toEqual([expect.stringMatching(line)]);
    expect(code).toBe(1);
  },
);

test.skipIf(!existsSync('/proc/self'))('a data directory in a file system that takes none', async () => {
  const { code, output } = await run(['start'], { ...usersEnvironment(), DATA_DIR: '/proc/x' });
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringMatching(/^rowferry: The data directory \/proc\/x can't be used \(ENOENT\): .*\n$/),
  });
});

function run(command: readonly string[], variables: Variables): Promise<{ code: number; output: string }> {
  const env = { ...usersEnvironment(), AWS_PROFILE: '', ...variables };
  return new Promise((resolve) => {
    const child = execFile(ROWFERRY, command, { cwd: ROOT, env, timeout: 45 * SECOND }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
    onTestFinished(() => void child.kill('SIGKILL'));
  });
}

/** An empty database as a user sees it who may connect, and no more than `grant`. */
async function ofPowerlessUser(grant?: string): Promise<string> {
  const url = await setupEmptyDatabase();
  const name = `powerless_${process.pid}_${Date.now()}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create role ${name} login password 'secret'`);
  if (grant !== undefined) await admin.query(`${grant} ${name}`);
  onTestFinished(async () => {
    await admin.query(`drop owned by ${name}; drop role ${name}`);
    await admin.end();
  });
  return Object.assign(new URL(url), { username: name, password: 'secret' }).href;
}

async function usedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return String(address.port);
}

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-mistakes-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
