import pg from 'pg';
import type { ApiClient, FailedRow } from './api-client.ts';
import { type PlannedFile, POISON } from './workload.ts';

/** What Postgres says of a poison row. 42501 is permanent and no fault of the row's values: it can only die. */
const REASON = 'the poison is not dropped yet';
const INSTALL = `
  create function refuse_poison() returns trigger language plpgsql as $$
  begin
    raise exception using errcode = '42501', message = '${REASON}';
  end $$;
  create trigger refuse_poison before insert or update on employees
    for each row when (new.email like '${POISON}%') execute function refuse_poison()`;
const DROP = 'drop function refuse_poison cascade';

/** From now on poison rows cannot land. */
export async function installPoison(databaseUrl: string): Promise<void> {
  await run(databaseUrl, INSTALL);
}

export async function dropPoison(databaseUrl: string): Promise<void> {
  await run(databaseUrl, DROP);
}

async function run(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}

function isPoison(email: string): boolean {
  return email.startsWith(POISON);
}

/**
 * Whether a poison row had all its attempts hit by faults, so that nobody could write down what it died of. Without
 * faults it dies of the poison.
 */
export async function diedOfFaults(api: ApiClient, uploadId: string): Promise<boolean> {
  const dead = await api.deadRows(uploadId);
  return dead.some(({ errors }) => errors.some(({ message }) => message.includes('the reason is not known')));
}

/** What is wrong with the dead rows of the poison file: they must be the poison rows, dead after all attempts, with the reason. */
export async function examinePoison(api: ApiClient, uploadId: string, file: PlannedFile): Promise<string[]> {
  const dead = await api.deadRows(uploadId);
  const expected = file.rows.filter(({ employee }) => employee !== null && isPoison(employee.email));
  const lines = dead.map(({ line }) => line).join();
  const expectedLines = expected.map(({ line }) => line).join();
  return [
    ...(lines === expectedLines ? [] : [`lines ${lines} are dead of poison, not ${expectedLines}`]),
    ...dead.flatMap(examineRow),
  ];
}

/** Receipts after which a message goes to the dead-letter queue. */
const MAX_ATTEMPTS = 5;

function examineRow({ line, attempts, errors }: FailedRow): string[] {
  const reasons = errors.map(({ message }) => message).join();
  return [
    ...(attempts >= MAX_ATTEMPTS ? [] : [`poison on line ${line} died after ${attempts} attempts`]),
    ...(reasons.includes(REASON) ? [] : [`poison on line ${line} says "${reasons}"`]),
  ];
}
