export { runMigrate } from './run-migrate.ts';
export { runStart } from './run-start.ts';
