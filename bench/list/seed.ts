import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect, migrate } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { from as copyFrom } from 'pg-copy-streams';
import { say, whole } from '../results.ts';
import { employeeAt, FILLED_COLUMNS } from '../roster.ts';
import { beginTidied, openDatabase } from '../tables.ts';

/** The last of the roster came together, with a domain that nobody else has: the case that a planner gets wrong. */
const NEWCOMERS_SHARE = 0.02;
export const NEWCOMERS_DOMAIN = 'newcomers.example.net';

const ROWS_PER_CHUNK = 1000;

/** Makes a database with the roster's employees in it, as after an upload and a vacuum. */
export async function seedEmployees(adminUrl: string, databaseUrl: string, rows: number): Promise<void> {
  const started = performance.now();
  await createDatabase(adminUrl, databaseUrl);
  const client = await openDatabase(databaseUrl);
  try {
    // Indexes are made faster than kept up; what is in them is the same.
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
       from pg_index i where indrelid = 'employees'::regclass
         and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    );
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    await pipeline(
      Readable.from(copyLines(rows)),
      client.query(copyFrom(`copy employees (${FILLED_COLUMNS}) from stdin`)),
    );
    await client.query(`set maintenance_work_mem = '512MB'`);
    for (const { definition } of indexes) await client.query(definition);
    await beginTidied(client, databaseUrl);
  } finally {
    await client.end();
  }
  say(`\n${whole(rows)} employees entered in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

async function createDatabase(adminUrl: string, databaseUrl: string): Promise<void> {
  const admin = await openDatabase(adminUrl);
  await admin.query(`create database ${new URL(databaseUrl).pathname.slice(1)}`);
  await admin.end();
  const database = connect({ url: databaseUrl, poolMax: 2, onWarning: say });
  await migrate(database);
  await database.destroy();
}

/** Lines of COPY's text format, which nothing in the roster needs to be escaped for. */
function* copyLines(rows: number): Generator<string> {
  const uploadId = newUploadId();
  const receivedAt = new Date().toISOString();
  const firstNewcomer = rows * (1 - NEWCOMERS_SHARE);
  for (let start = 0; start < rows; start += ROWS_PER_CHUNK) {
    let chunk = '';
    for (let index = start; index < Math.min(rows, start + ROWS_PER_CHUNK); index++) {
      const { employee_name, company_name, mobile_no, email } = employeeAt(index);
      const address = index < firstNewcomer ? email : email.replace(/@.*/, `@${NEWCOMERS_DOMAIN}`);
      chunk += `${[employee_name, company_name, mobile_no, address, receivedAt, uploadId, index + 2].join('\t')}\n`;
    }
    yield chunk;
  }
}
