import { Client, escapeIdentifier } from 'pg';
import { errorCode } from '../host/embedded-error.ts';

/** SQLSTATE duplicate_database (Postgres, appendix A). */
const DUPLICATE_DATABASE = '42P04';

/** Creates `database` on the server unless it is there. `url` leads to the server's maintenance database. */
export async function createDatabase(url: string, database: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${escapeIdentifier(database)}`);
  } catch (error) {
    if (errorCode(error) !== DUPLICATE_DATABASE) throw error;
  } finally {
    await client.end();
  }
}
