export { EmbeddedError } from './embedded-error.ts';
export { freePort, isFreePort } from './free-port.ts';
export {
  DEFAULT_SETTINGS,
  type PostgresOptions,
  type PostgresServer,
  startPostgres,
} from './postgres/start-postgres.ts';
export { acquireRunLock, type RunLock } from './run-lock.ts';
export { type Emulator, type EmulatorOptions, startEmulator } from './start-emulator.ts';
