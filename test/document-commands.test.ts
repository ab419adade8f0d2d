import { spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort } from '@rowferry/embedded';
import { setupDatabase } from '@rowferry/testing';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type DocumentCommand, documentCommands } from './support/document-commands.ts';
import { newDataDir, npmStart, type Rowferry } from './support/npm-start.ts';
import { usersEnvironment } from './support/users-environment.ts';

const MINUTE = 60_000;

/** Commands that are not run here, and why. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm ci/, 'installs; .ci/run begins with it'],
  [/^(TEST_DATABASE_URL=\S+ )?npm test/, 'this is what runs it'],
  [/^npm run (test:chaos|typecheck|lint|knip|coverage)\b/, 'run in full by .ci/run'],
  [/^bash \.ci\/run$/, 'this is what runs it'],
  [/^npm run bench:/, 'takes long; benchmarks.test.ts runs each at its smallest size'],
  [/^npm run (synth|deploy|destroy)\b/, 'needs an account, or writes into dist/; scripts.test.ts runs each'],
  [/\$API\b/, 'needs a stage on AWS'],
  [/^cp infra\/hosting\//, 'would write into the clone'],
  [/^npm run bundle/, 'writes into dist/; scripts.test.ts runs it with a directory of its own'],
  [/^([A-Z_]+=\S+ )*(npm start|npm run start:|\S*rowferry (start|api|worker)$)/, 'serves; scripts.test.ts starts each'],
  [/^(aws|docker|podman|systemctl|journalctl|sudo) /, 'needs a program or rights that a test does not have'],
  [/migrate:rollback/, 'would drop the tables that the other commands use'],
  [/^git /, 'would change the repository'],
];

/** Commands that a document shows at a size that is too much for a test. */
const SMALLER: readonly (readonly [RegExp, string])[] = [
  [/(npm run load -- \S+) \d+ \d+ --rows \d+/, '$1 1 1 --rows 1'],
  [/(generate -- --rows) \d+/, '$1 100'],
];

/** Commands that answer with a problem here, where nothing fails on purpose: that code, and no other. */
const PROBLEMS: readonly (readonly [RegExp, string])[] = [[/^curl .*\/redrive$/, 'nothing_to_redrive']];

const commands = documentCommands();
const isRun = ({ command }: DocumentCommand) => !NOT_RUN.some(([pattern]) => pattern.test(command));

test('commands are found in the documents, in indented blocks and in fences', () => {
  expect(commands).toContainEqual({ document: 'README.md', command: expect.stringMatching(/^npm ci && npm start$/) });
  expect(commands.filter(({ command }) => command.startsWith('curl ')).length).toBeGreaterThan(5);
});

test('every command in the documents can be given as it stands', { timeout: 10 * MINUTE }, async () => {
  const shell = await setupShell();
  const failures: object[] = [];
  for (const command of commands.filter(isRun)) {
    const { code, output } = await shell(command);
    const problem = PROBLEMS.find(([pattern]) => pattern.test(command.command))?.[1];
    if (code !== 0 && !(problem && output.includes(`"code":"${problem}"`))) failures.push({ ...command, code, output });
  }
  expect(failures).toEqual([]);
});

type Result = { code: number | null; output: string };

/** One `npm start`, a directory that looks like a checkout, and a shell in it that knows what the placeholders stand for. */
async function setupShell(): Promise<(command: DocumentCommand) => Promise<Result>> {
  const dataDir = await newDataDir();
  const [rowferry, directory, other] = await Promise.all([
    npmStart({ DATA_DIR: dataDir, PORT: String(await freePort()) }),
    setupCheckout(dataDir),
    // The first key closes the API to those who have none.
    setupDatabase(),
  ]);
  const { PATH, ...environment } = usersEnvironment();
  const env = {
    ...environment,
    PATH: [join(directory, 'node_modules', '.bin'), PATH].join(delimiter),
    DATA_DIR: dataDir,
    CURL_HOME: join(directory, 'curl'),
    PORT: new URL(rowferry.api).port,
  };
  const run = (command: string, more: Record<string, string> = {}) => runShell(command, directory, { ...env, ...more });
  await putIncoming(rowferry);
  let uploadId = await upload(rowferry, run);
  let keyId = '';
  const exported: Record<string, string> = {};
  return async ({ command }) => {
    const isKeys = /\bkeys\b/.test(command);
    const filled = fillIn(command, rowferry, isKeys ? keyId : uploadId);
    // A shell of its own runs each command; what an earlier one exported is still known in the next.
    const [, name = '', value = ''] = /^export (\w+)=(\S+)$/.exec(filled) ?? [];
    if (name !== '') exported[name] = value;
    if (filled.startsWith('psql ') && !HAS_PSQL) return query(rowferry.databaseUrl, filled);
    const result = await run(filled, { ...exported, ...(isKeys ? { DATABASE_URL: other.databaseUrl } : {}) });
    keyId = /^(\S+)\tpayroll\t/m.exec(result.output)?.[1] ?? keyId;
    if (/employee-data-upload$/.test(filled) && result.code === 0) uploadId = await completed(rowferry, result.output);
    return result;
  };
}

function fillIn(command: string, { api, databaseUrl }: Rowferry, id: string): string {
  return SMALLER.reduce((text, [large, small]) => text.replace(large, small), command)
    .replaceAll('<id>', id)
    .replaceAll('http://127.0.0.1:3000', api)
    .replaceAll('…/v1/', `${api}/v1/`)
    .replaceAll('postgres://…/rowferry', `'${databaseUrl}'`);
}

/** What somebody sees after `git clone` and `npm ci`, and a file of theirs beside it; what is written stays in it. */
async function setupCheckout(dataDir: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-documents-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const hidden = ['.git', '.rowferry', 'dist', 'coverage'];
  for (const name of (await readdir('.')).filter((one) => !hidden.includes(one)))
    await symlink(resolve(name), join(directory, name));
  await symlink(dataDir, join(directory, '.rowferry'));
  await copyFile('examples/employees.csv', join(directory, 'staff.csv'));
  await mkdir(join(directory, 'curl'));
  await writeFile(join(directory, 'curl', '.curlrc'), 'fail-with-body\nsilent\nshow-error\nmax-time = 60\n');
  return directory;
}

/** A file that another tool put into the bucket. */
async function putIncoming({ endpoint, credentials, bucket }: Rowferry): Promise<void> {
  const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  onTestFinished(() => s3.destroy());
  const Body = await readFile('examples/employees.csv');
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'incoming/2026/staff.csv', Body }));
}

async function upload(rowferry: Rowferry, run: (command: string) => Promise<Result>): Promise<string> {
  const { output } = await run(`curl -F employee_data=@examples/employees.csv ${rowferry.api}/v1/employee-data-upload`);
  return completed(rowferry, output);
}

/** @returns the id of the upload, once all its rows have an outcome. */
async function completed({ api }: Rowferry, answer: string): Promise<string> {
  const { id }: { id: string } = JSON.parse(answer);
  const status = async () => Object(await (await fetch(`${api}/v1/uploads/${id}`)).json()).status;
  await expect.poll(status, { timeout: MINUTE }).toMatch(/^completed/);
  return id;
}

function runShell(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Result> {
  const child = spawn('sh', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return new Promise((done) => {
    child.once('close', (code) => done({ code, output }));
  });
}

const HAS_PSQL = spawnSync('psql', ['--version']).status === 0;

/** What psql would be asked, on a machine without it. */
async function query(databaseUrl: string, command: string): Promise<Result> {
  const [, , sql] = /^psql .* -c (['"])(.*)\1$/.exec(command) ?? [];
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query(sql ?? command).finally(() => client.end());
  return { code: 0, output: JSON.stringify(rows) };
}
