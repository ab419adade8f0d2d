import { createLogger, EnvironmentError, readEnvironment, runMain } from '@rowferry/runtime';
import { withLocalDatabase } from './local-database.ts';
import { prepareDatabase } from './prepare.ts';
import { StartError } from './start-error.ts';

/** `rowferry migrate`: brings the schema up to date of the database that DATABASE_URL names, or a running `rowferry start` has. */
export function runMigrate(): void {
  runMain(migrate, [EnvironmentError, StartError]);
}

async function migrate(): Promise<void> {
  const { LOG_LEVEL } = readEnvironment(['LOG_LEVEL']);
  await withLocalDatabase((url) => prepareDatabase(url, createLogger('migrate', LOG_LEVEL)));
  process.stdout.write('The schema is up to date.\n');
}
