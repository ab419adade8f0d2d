export { type EventVariables, prepareEvents } from './events.ts';
export { withLocalDatabase } from './local-database.ts';
export { runMigrate } from './run-migrate.ts';
export { runStart } from './run-start.ts';
