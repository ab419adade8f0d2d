import { createLogger, EnvironmentError, readEnvironment, runMain } from '@rowferry/runtime';
import { prepareDatabase } from './prepare.ts';
import { StartError } from './start-error.ts';

/*
 * In place of this package in the container's image, which embeds neither Postgres nor S3 and SQS.
 */

export function runStart(): void {
  runMain(async () => {
    throw new EnvironmentError(
      'this image runs api, worker, migrate and keys; for everything on one machine, clone the repository and run npm start',
    );
  }, [EnvironmentError]);
}

export function runMigrate(): void {
  runMain(async () => {
    const { DATABASE_URL, LOG_LEVEL } = readEnvironment(['DATABASE_URL', 'LOG_LEVEL']);
    await prepareDatabase(DATABASE_URL, createLogger('migrate', LOG_LEVEL));
    process.stdout.write('The schema is up to date.\n');
  }, [EnvironmentError, StartError]);
}

export function withLocalDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  return work(readEnvironment(['DATABASE_URL']).DATABASE_URL);
}
