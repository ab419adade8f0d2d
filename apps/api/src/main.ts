import { createLogger, EnvironmentError, readEnvironment, runMain, stopOnSignal } from '@rowferry/runtime';
import { ListenError } from './http/listen.ts';
import { API_OPTIONAL_VARIABLES, API_VARIABLES, startApi } from './start-api.ts';

/** Longest that stopping waits for requests in flight, in milliseconds. */
const STOP_BOUND = 30_000;

/** `npm run start:api`: the API as a plain process against whatever the environment names. */
async function main(): Promise<void> {
  const { LOG_LEVEL, ...environment } = readEnvironment([...API_VARIABLES, 'LOG_LEVEL'], API_OPTIONAL_VARIABLES);
  const logger = createLogger('api', LOG_LEVEL);
  const api = await startApi(environment, logger);
  logger.info({ url: api.url }, 'the API listens');
  stopOnSignal(logger, STOP_BOUND, () => api.close());
}

runMain(main, [EnvironmentError, ListenError]);
