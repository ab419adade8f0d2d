export { type EmulatorCredentials, loadCredentials } from './emulator/credentials.ts';
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator/start-emulator.ts';
export { EmbeddedError } from './host/embedded-error.ts';
export { freePort, isFreePort } from './host/free-port.ts';
export { acquireRunLock, type RunLock } from './host/run-lock.ts';
export {
  DEFAULT_SETTINGS,
  type PostgresOptions,
  type PostgresServer,
  startPostgres,
} from './postgres/start-postgres.ts';
