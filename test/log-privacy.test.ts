import { freePort } from '@rowferry/embedded';
import { csvOf } from '@rowferry/testing';
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

test('not even the most talkative log of a full run, with failures and retries, has anything about a person in it', {
  timeout: 4 * MINUTE,
}, async () => {
  const rowferry = await npmStart({
    DATA_DIR: await newDataDir(),
    PORT: String(await freePort()),
    LOG_LEVEL: 'trace',
    FAULT_RATE: '0.3',
  });

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

  expect(output).toContain(id);
  expect(output).toContain('"route":"/v1/employees"');
  const words = Object.values(PRIVATE).flatMap((text) => [text, encodeURIComponent(text), text.replaceAll(' ', '_')]);
  for (const word of [...words, 'Zebulon', 'Quixwood', 'quixwood', '7654321']) expect(output).not.toContain(word);
});

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
