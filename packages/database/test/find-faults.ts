import type { Database } from '@rowferry/database';
import { setupDatabase } from '@rowferry/testing';
import pg from 'pg';
import { onTestFinished } from 'vitest';

/** The text that knex sends, with `$1` for a binding. */
function sentText(database: Database, text: string): string {
  const names = [...text.matchAll(/(?<!:):(\w+)/g)].map(([, name = '']) => name);
  const bindings =
    names.length > 0 ? Object.fromEntries(names.map((name) => [name, 0])) : text.match(/\?/g)?.map(() => 0);
  return database
    .raw(text, bindings ?? [])
    .toSQL()
    .toNative().sql;
}

/** Statements that `prepare` does not take: they name nothing of the schema. */
const UTILITY = /^\s*(set|fetch|analyze|create temporary table|do|grant) /;

/** Prepares statements against the migrated schema. @returns what Postgres has against them. */
export async function findFaults(texts: readonly string[]): Promise<string[]> {
  const { database, databaseUrl } = await setupDatabase();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  const temporary = texts.filter((text) => text.trimStart().startsWith('create temporary table'));
  for (const text of temporary) await client.query(text.replace('on commit drop', ''));
  const faults: string[] = [];
  for (const text of new Set(texts)) {
    if (UTILITY.test(text)) continue;
    try {
      const prepared = sentText(database, text).replace(/^\s*declare \w+ no scroll cursor for/, '');
      await client.query(`prepare checked as ${prepared}`);
      await client.query('deallocate checked');
    } catch (error) {
      const { code, message } = error instanceof pg.DatabaseError ? error : { code: 'no code', message: String(error) };
      faults.push(`${code} ${message} in ${text}`);
    }
  }
  return faults;
}
