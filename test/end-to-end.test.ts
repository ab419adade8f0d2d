import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { connect, type Database } from '@rowferry/database';
import { freePort } from '@rowferry/embedded';
import { expect, onTestFinished, test } from 'vitest';
import { type Environment, newDataDir, npmStart, type Rowferry, runNpmStart } from './support/npm-start.ts';
import { aliveOf } from './support/processes.ts';
import { type StaffFile, staffFile } from './support/staff-file.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Longest that a file of 10,000 rows may take on a busy machine. */
const IMPORT_TIMEOUT_MS = 90 * SECOND;

/** With bash as npm's shell Ctrl-C reaches Rowferry twice, once from npm; with others once. Both shells have a test here. */
const shell: Record<string, string> = existsSync('/bin/bash') ? { npm_config_script_shell: '/bin/bash' } : {};

type Upload = { id: string; status: string; total: number | null; counts: Record<string, number>; fileName: string };

test(
  'imports a file of 10,000 rows, and the same again; takes an object put into the bucket; stops with Ctrl-C',
  async () => {
    const dataDir = await newDataDir();
    const rowferry = await npmStart({ DATA_DIR: dataDir, PORT: String(await freePort()), ...shell });
    const database = connectTo(rowferry);
    const file = staffFile('GmbH');

    const first = await finished(rowferry, await send(rowferry, file.csv));
    expect(first).toMatchObject({ status: 'completed_with_errors', total: file.rows, failure: null });
    expect(first.counts).toEqual(countsOf(file, 'inserted'));
    expect(await employeesOf(database)).toEqual(expectedEmployees(file, first.id));
    expect(await ledgerOf(database, first.id)).toEqual(expectedLedger(file, 'inserted'));
    expect(await rejectedOf(database, first.id)).toEqual(file.rejected);
    const times = await timesOf(database, file);

    const second = await finished(rowferry, await send(rowferry, file.csv));
    expect(second.counts).toEqual(countsOf(file, 'unchanged'));
    expect(await employeesOf(database)).toEqual(expectedEmployees(file, second.id));
    expect(await timesOf(database, file)).toEqual(times);

    const changed = staffFile('AG');
    await putIntoBucket(rowferry, 'uploads/from HR/März 2026.csv', changed.csv);
    const third = await finished(rowferry, await newestUpload(rowferry, second.id));
    expect(third).toMatchObject({ fileName: 'März 2026.csv', total: changed.rows });
    expect(third.counts).toEqual(countsOf(changed, 'updated'));
    expect(await employeesOf(database)).toEqual(expectedEmployees(changed, third.id));
    await database.destroy();

    const pids = rowferry.pids();
    const { output } = await rowferry.interrupt();
    expect(aliveOf(pids)).toEqual([]);
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toMatch(/database system is shut down\n$/);
    expect(output).not.toMatch(/person\d|Müller|"level":[56]0/);
  },
  8 * MINUTE,
);

test(
  'killed in the middle of a file, all of it at once, finishes the file when it is started again',
  async () => {
    const environment = { DATA_DIR: await newDataDir(), PORT: String(await freePort()) };
    const file = staffFile('SE');
    const killed = await npmStart(environment);
    const id = await send(killed, file.csv);
    const recorded = await someRecorded(killed, id);
    await killed.killAll();
    expect(recorded).toBeLessThan(file.rows);

    const rowferry = await npmStart(environment);

    const { databaseUrl, endpoint } = killed;
    expect(rowferry).toMatchObject({ databaseUrl, endpoint });
    const upload = await finished(rowferry, id);
    expect(upload).toMatchObject({
      status: 'completed_with_errors',
      total: file.rows,
      counts: countsOf(file, 'inserted'),
    });
    const database = connectTo(rowferry);
    expect(await employeesOf(database)).toEqual(expectedEmployees(file, id));
    expect(await ledgerOf(database, id)).toEqual(expectedLedger(file, 'inserted'));
  },
  5 * MINUTE,
);

test(
  'says in one line why it cannot start, ends with code 1 and leaves nothing running',
  async () => {
    const dataDir = await newDataDir();
    const port = await freePort();
    const rowferry = await npmStart({ DATA_DIR: dataDir, PORT: String(port) });

    await expectRefusal(
      { DATA_DIR: dataDir, PORT: '0' },
      /^rowferry: The data directory .+ is in use by another run \(process \d+\)/,
    );
    const other = await newDataDir();
    await expectRefusal(
      { DATA_DIR: other, PORT: String(port) },
      new RegExp(`^rowferry: port ${port} of 127.0.0.1 is in use`),
    );
    await expectRefusal({ DATA_DIR: other, PORT: 'http' }, /^rowferry: PORT must be a whole number/);
    await expectRefusal(
      { DATA_DIR: other, PORT: '0', ROWS_PER_MESSAGE: '501' },
      /^rowferry: ROWS_PER_MESSAGE must be a whole number from 1 to 500/,
    );
    const unavailable = `postgres://user:geheim@127.0.0.1:${await freePort()}/rowferry`;
    await expectRefusal(
      { DATA_DIR: other, PORT: '0', DATABASE_URL: unavailable },
      /^rowferry: Postgres at 127\.0\.0\.1:\d+\/rowferry cannot be reached/,
    );
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    await expectRefusal(
      { DATA_DIR: other, PORT: '0', AWS_ENDPOINT_URL: nowhere, AWS_PROFILE: '' },
      /^rowferry: S3 or SQS cannot be reached/,
    );
    await expectRefusal(
      { DATA_DIR: other, PORT: '0', AWS_ENDPOINT_URL: nowhere, AWS_PROFILE: 'has-expired' },
      /^rowferry: There are no credentials for S3 and SQS/,
    );
    await expectRefusal({ DATA_DIR: '/dev/null/data', PORT: '0' }, /^rowferry: The data directory .+ can't be used/);

    // The one that ran first does its whole work as before.
    const one = 'name,company,phone,mail\nAda,Analytical,0123456789,ada@analytical.example\n';
    expect(await finished(rowferry, await send(rowferry, one))).toMatchObject({ status: 'completed', total: 1 });
  },
  5 * MINUTE,
);

test(
  'Ctrl-C while it is still starting leaves nothing behind, and the next start works',
  async () => {
    const environment = { DATA_DIR: await newDataDir(), PORT: '0' };
    const starting = runNpmStart(environment);
    await expect
      .poll(() => existsSync(join(environment.DATA_DIR, 'postgres')), { timeout: MINUTE, interval: 10 })
      .toBe(true);
    const early = starting.pids();

    const { output } = await starting.interrupt();

    expect(aliveOf([...early, ...starting.pids()])).toEqual([]);
    expect(output).not.toMatch(/^ +at /m);
    const rowferry = await npmStart(environment);
    expect((await fetch(`${rowferry.api}/v1/uploads`)).status).toBe(200);
  },
  3 * MINUTE,
);

async function send({ api }: Rowferry, csv: string): Promise<string> {
  const form = new FormData();
  form.set('employee_data', new Blob([csv], { type: 'text/csv' }), 'staff.csv');
  const response = await fetch(`${api}/v1/employee-data-upload`, { method: 'POST', body: form });
  expect(response.status).toBe(202);
  const upload = (await response.json()) as Upload;
  expect(response.headers.get('location')).toBe(`/v1/uploads/${upload.id}`);
  return upload.id;
}

async function show({ api }: Rowferry, id: string): Promise<Upload> {
  const response = await fetch(`${api}/v1/uploads/${id}`);
  return (await response.json()) as Upload;
}

async function finished(rowferry: Rowferry, id: string): Promise<Upload> {
  await expect
    .poll(async () => (await show(rowferry, id)).status, { timeout: IMPORT_TIMEOUT_MS, interval: 200 })
    .toMatch(/^(completed|completed_with_errors|failed)$/);
  return show(rowferry, id);
}

/** Waits until some rows of an upload have an outcome. @returns how many. */
async function someRecorded(rowferry: Rowferry, id: string): Promise<number> {
  let recorded = 0;
  await expect
    .poll(
      async () => {
        recorded = Object.values((await show(rowferry, id)).counts).reduce((sum, rows) => sum + rows, 0);
        return recorded;
      },
      { timeout: IMPORT_TIMEOUT_MS, interval: 20 },
    )
    .toBeGreaterThan(0);
  return recorded;
}

/** The id of the upload that comes after another one. */
async function newestUpload({ api }: Rowferry, after: string): Promise<string> {
  const newest = async () => {
    const response = await fetch(`${api}/v1/uploads?limit=1`);
    const { data } = (await response.json()) as { data: Upload[] };
    return data[0]?.id;
  };
  await expect.poll(newest, { timeout: IMPORT_TIMEOUT_MS }).not.toBe(after);
  return String(await newest());
}

async function putIntoBucket({ endpoint, credentials, bucket }: Rowferry, key: string, content: string): Promise<void> {
  const s3 = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
  s3.destroy();
}

async function expectRefusal(environment: Environment, line: RegExp): Promise<void> {
  const { code, output } = await runNpmStart(environment).exited;
  expect(code).toBe(1);
  const said = output.split('\n').filter((text) => text.startsWith('rowferry:'));
  expect(said).toEqual([expect.stringMatching(line)]);
  expect(output).not.toMatch(/^ +at /m);
  expect(output).not.toContain('geheim');
}

function connectTo({ databaseUrl }: Rowferry): Database {
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  return database;
}

type Employee = {
  email: string;
  employee_name: string;
  company_name: string;
  mobile_no: string;
  upload_id: string;
  line: number;
};

async function employeesOf(database: Database): Promise<Map<string, Employee>> {
  const { rows } = await database.raw<{ rows: Employee[] }>(
    `select e.email, e.employee_name, e.company_name, e.mobile_no, o.upload_id, o.line
    from employees e join employee_origins o on o.id = e.id`,
  );
  return new Map(rows.map((employee) => [employee.email, employee]));
}

function expectedEmployees({ employees }: StaffFile, uploadId: string): Map<string, Employee> {
  return new Map([...employees].map(([email, employee]) => [email, { ...employee, email, upload_id: uploadId }]));
}

/** When employees came and changed last; of those that are twice in the file, the earlier line may have come in between. */
async function timesOf(database: Database, { repeated }: StaffFile): Promise<unknown[]> {
  const { rows } = await database.raw<{ rows: { email: string }[] }>(
    'select id, email, created_at::text, updated_at::text from employees order by id',
  );
  return rows.filter(({ email }) => !repeated.has(email));
}

async function ledgerOf(database: Database, uploadId: string): Promise<Map<number, string>> {
  const { rows } = await database.raw<{ rows: { line: number; outcome: string }[] }>(
    'select line, outcome from upload_rows where upload_id = ?',
    [uploadId],
  );
  return new Map(rows.map(({ line, outcome }) => [line, outcome]));
}

function expectedLedger({ employees, rejected, superseded }: StaffFile, outcome: string): Map<number, string> {
  return new Map([
    ...[...employees.values()].map(({ line }) => [line, outcome] as const),
    ...[...superseded].map((line) => [line, 'superseded'] as const),
    ...[...rejected.keys()].map((line) => [line, 'rejected'] as const),
  ]);
}

async function rejectedOf(database: Database, uploadId: string): Promise<StaffFile['rejected']> {
  const { rows } = await database.raw<{ rows: { line: number; errors: { code: string; column: string | null }[] }[] }>(
    `select line, errors from upload_rows where upload_id = ? and outcome = 'rejected' order by line`,
    [uploadId],
  );
  return new Map(
    rows.map(({ line, errors: [error] }) => [line, { code: error?.code ?? '', column: error?.column ?? null }]),
  );
}

function countsOf({ employees, rejected, superseded }: StaffFile, outcome: string): Record<string, number> {
  const none = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 };
  return { ...none, [outcome]: employees.size, superseded: superseded.size, rejected: rejected.size };
}
