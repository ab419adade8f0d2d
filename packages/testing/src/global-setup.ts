import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, migrate } from '@rowferry/database';
import { startEmulator, startPostgres } from '@rowferry/embedded';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { EMULATOR_CREDENTIALS } from './services.ts';
import { temporaryParent } from './temporary-parent.ts';

/** Its own name each time: several runs may use the same server. */
const TEMPLATE = `rowferry_template_${process.pid}`;

/** What `rowferry` names too, so that tests and the commands that they run share what Node made of the code. */
const COMPILE_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/rowferry', import.meta.url));

/** Nothing here has to survive a crash, so Postgres need not wait for the disk. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };

/**
 * Starts one Postgres and one S3/SQS for the whole run, and migrates the database that every test gets a copy of.
 * TEST_DATABASE_URL names a Postgres to use instead, as a user who may create databases and extensions.
 */
export default async function startServices(project: TestProject): Promise<() => Promise<void>> {
  // What V8 counts in code from a cache is inexact (https://nodejs.org/api/module.html#module-compile-cache).
  if (!project.vitest.config.coverage.enabled) process.env.NODE_COMPILE_CACHE ??= COMPILE_CACHE;
  const running = new AsyncDisposableStack();
  const directory = await temporaryDirectory();
  running.defer(() => rm(directory, { recursive: true, force: true }));
  const starting = [
    providePostgres(join(directory, 'postgres')),
    startEmulator({ dataDir: undefined, port: 0, credentials: EMULATOR_CREDENTIALS }),
  ] as const;
  try {
    // All of them, also when one fails: what has started must be stopped.
    for (const started of await Promise.allSettled(starting)) {
      if (started.status === 'fulfilled') running.defer(() => started.value.stop());
    }
    const [{ adminUrl }, emulator] = await Promise.all(starting);
    await asAdmin(adminUrl, `create database ${TEMPLATE}`);
    running.defer(() => dropTemplate(adminUrl));
    await migrateTemplate(databaseUrl(adminUrl, TEMPLATE));
    // A database can only be copied while nobody is connected to it.
    await asAdmin(adminUrl, `alter database ${TEMPLATE} with is_template true allow_connections false`);
    project.provide('services', { adminUrl, template: TEMPLATE, endpoint: emulator.endpoint });
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
  return () => running.disposeAsync();
}

async function providePostgres(dataDir: string): Promise<{ adminUrl: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && given !== '') return { adminUrl: given, stop: async () => {} };
  const postgres = await startPostgres({ dataDir, port: 0, database: 'tests', settings: SETTINGS });
  return { adminUrl: databaseUrl(postgres.url, 'postgres'), stop: async () => void (await postgres.stop()) };
}

/** Others may pass through it: root's Postgres runs as another user. */
async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(temporaryParent(), 'rowferry-tests-'));
  await chmod(directory, 0o711);
  return directory;
}

async function migrateTemplate(url: string): Promise<void> {
  const database = connect({ url, poolMax: 2, onWarning: () => {} });
  try {
    await migrate(database);
  } finally {
    await database.destroy();
  }
}

async function dropTemplate(adminUrl: string): Promise<void> {
  await asAdmin(adminUrl, `alter database ${TEMPLATE} with is_template false`);
  await asAdmin(adminUrl, `drop database ${TEMPLATE} with (force)`);
}

async function asAdmin(adminUrl: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}

function databaseUrl(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}
