import { createLogger, EnvironmentError, readEnvironment, runMain, stopOnSignal } from '@rowferry/runtime';
import { ListenError } from './http/listen.ts';
import { API_OPTIONAL_VARIABLES, API_VARIABLES, startApi } from './start-api.ts';

/** Longest that stopping waits for requests in flight. */
const STOP_TIMEOUT_MS = 30_000;

/** `rowferry api`: the API as a plain process against whatever the environment names. */
export function runApi(): void {
  runMain(main, [EnvironmentError, ListenError]);
}

async function main(): Promise<void> {
  const { LOG_LEVEL, ...environment } = readEnvironment([...API_VARIABLES, 'LOG_LEVEL'], API_OPTIONAL_VARIABLES);
  const logger = createLogger('api', LOG_LEVEL);
  const api = await startApi(environment, logger);
  stopOnSignal(logger, STOP_TIMEOUT_MS, () => api.close());
  // Last: who reads it may stop the API at once, and a signal ends a process that does not listen for it yet.
  logger.info({ url: api.url }, 'API started');
}
