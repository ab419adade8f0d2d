import { randomUUID } from 'node:crypto';
import { connect, type Database } from '@rowferry/database';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { services } from './services.ts';

export type TestDatabase = {
  database: Database;
  /** For connections beside the pool of `database`. */
  databaseUrl: string;
};

/** Connections of a test's pool: enough to let statements run into each other. */
const POOL_MAX = 8;

/** A migrated, empty database of the test's own, dropped at its end. */
export async function setupDatabase(): Promise<TestDatabase> {
  const databaseUrl = await createDatabase(services().template);
  const database = connect({ url: databaseUrl, poolMax: POOL_MAX, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  return { database, databaseUrl };
}

/** A database without any table, for tests of the migrations. Returns its URL. */
export function setupEmptyDatabase(): Promise<string> {
  return createDatabase('template0');
}

async function createDatabase(template: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`create database ${name} template ${template}`);
  // vitest runs these in reverse order: pools made on this database are closed before it goes.
  onTestFinished(() => asAdmin(`drop database ${name} with (force)`));
  return Object.assign(new URL(services().adminUrl), { pathname: `/${name}` }).href;
}

async function asAdmin(statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: services().adminUrl });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
