export { runStart } from './run-start.ts';

/*
 * What these need is imported when they are called: a start has its servers begin before it reads the code of all else.
 */

export async function runMigrate(): Promise<void> {
  (await import('./run-migrate.ts')).runMigrate();
}

/** See local-database.ts. */
export async function withLocalDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  return (await import('./local-database.ts')).withLocalDatabase(work);
}
