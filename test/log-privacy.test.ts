import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@rowferry/embedded';
import { csvOf } from '@rowferry/testing';
import pg from 'pg';
import { expect, test } from 'vitest';
import { newDataDir, npmStart, type Rowferry } from './support/npm-start.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const IMPORT_TIMEOUT_MS = 90 * SECOND;

/** Of everything that says something about a person, a word that occurs nowhere else. */
const PRIVATE = {
  name: 'Zebulon Quixwood',
  company: 'Vexillology Partners',
  mobile: '+49 170 7654321',
  mailbox: 'zebulon.quixwood',
  domain: 'private-mail.example',
  badEmail: 'quixwood-at-home',
  fileName: 'Zebulon Quixwood payroll.csv',
};

const HEADER = ['employee_name', 'company_name', 'mobile_no', 'email'];

function fileWithPeople(): string {
  const rows = Array.from({ length: 60 }, (_, n) => [
    `${PRIVATE.name} ${n}`,
    PRIVATE.company,
    PRIVATE.mobile,
    n % 20 === 7 ? PRIVATE.badEmail : `${PRIVATE.mailbox}${n}@${PRIVATE.domain}`,
  ]);
  return csvOf([HEADER, ...rows, [PRIVATE.name, 'too', 'few']]);
}

test('not even the most talkative logs of a full run, with failures, retries and a trigger that quotes rows, have anything about a person in them', {
  timeout: 4 * MINUTE,
}, async () => {
  const dataDir = await newDataDir();
  const rowferry = await npmStart({
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    LOG_LEVEL: 'trace',
    FAULT_RATE: '0.3',
  });

  await quoteRows(rowferry);
  const id = await upload(rowferry);
  await landed(rowferry, id);
  const term = encodeURIComponent(PRIVATE.name);
  const paths = [
    `/v1/employees?searchTerm=${term}`,
    `/v1/employees?searchTerm=${term}&page=0`,
    `/v1/employees.csv?company=${encodeURIComponent(PRIVATE.company)}`,
    `/v1/uploads/${id}/failed-rows`,
    `/v1/uploads/${id}/failed-rows.csv`,
    `/v1/nothing?email=${PRIVATE.mailbox}`,
    `/v1/uploads/${PRIVATE.mailbox}`,
    `/v1/employees/${PRIVATE.mailbox}`,
  ];
  for (const path of paths) await (await fetch(rowferry.api + path)).text();
  await (await fetch(`${rowferry.api}/v1/employee-data-upload?dryRun=true`, { method: 'POST', body: form() })).text();
  await plan(rowferry);
  const { output } = await rowferry.interrupt();

  const postgresLog = await readFile(join(dataDir, 'postgres.log'), 'utf8');
  expect(output).toContain(id);
  expect(output).toContain('Postgres answered SQLSTATE P0001');
  expect(postgresLog).toContain('database system is ready to accept connections');
  expect(output).toContain('"route":"/v1/employees"');
  const words = Object.values(PRIVATE).flatMap((text) => [text, encodeURIComponent(text), text.replaceAll(' ', '_')]);
  for (const word of [...words, 'Zebulon', 'Quixwood', 'quixwood', '7654321']) {
    expect(output).not.toContain(word);
    expect(postgresLog).not.toContain(word);
  }
  // Of the emulator, nothing is logged: what it says is read by the process that started it.
  const logs = (await readdir(dataDir, { recursive: true })).filter((name) => name.endsWith('.log'));
  expect(logs).toEqual(['postgres.log']);
});

/** From now on Postgres refuses some rows with a message that has their values, and has refused others. */
async function quoteRows({ databaseUrl }: Rowferry): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`
      create function refuse_row() returns trigger language plpgsql as $$
      begin
        raise exception '% of % may not be hired', new.employee_name, new.company_name using detail = new.email;
      end $$;
      create trigger refuse_row before insert on employees for each row
        when (new.email like '%11@%') execute function refuse_row()`);
    await expect(client.query('select $1::text::int', [PRIVATE.name])).rejects.toThrow(PRIVATE.name);
    await expect(client.query(`select '${PRIVATE.name}' from nowhere`)).rejects.toThrow('nowhere');
  } finally {
    await client.end();
  }
}

function form(): FormData {
  const body = new FormData();
  body.set('employee_data', new Blob([fileWithPeople()], { type: 'text/csv' }), PRIVATE.fileName);
  return body;
}

async function upload({ api }: Rowferry): Promise<string> {
  const response = await fetch(`${api}/v1/employee-data-upload`, { method: 'POST', body: form() });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

async function plan({ api }: Rowferry): Promise<void> {
  const response = await fetch(`${api}/v1/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fileName: PRIVATE.fileName, sizeBytes: 9 }),
  });
  expect(response.status).toBe(201);
}

async function landed({ api }: Rowferry, id: string): Promise<void> {
  const statusOf = async () => {
    const response = await fetch(`${api}/v1/uploads/${id}`);
    return ((await response.json()) as { status: string }).status;
  };
  await expect.poll(statusOf, { timeout: IMPORT_TIMEOUT_MS }).toBe('completed_with_errors');
}
