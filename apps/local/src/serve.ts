import { API_OPTIONAL_VARIABLES, API_VARIABLES, ListenError, startApi } from '@rowferry/api';
import { AWS_VARIABLES } from '@rowferry/aws';
import { PICKUP_VARIABLES, pickupOf } from '@rowferry/backfill';
import { type Logger, readEnvironment } from '@rowferry/runtime';
import { watchDisk } from './disk-watch.ts';
import { prepareEvents } from './events.ts';
import { prepareObjectNotifications } from './object-notifications.ts';
import { prepareDatabase, prepareQueuesAndBucket, queueVariables } from './prepare.ts';
import { showProgress } from './progress/show-progress.ts';
import type { Terminal } from './progress/terminal.ts';
import { StartError } from './start-error.ts';

/** In an emulator, which belongs to nobody else. */
const BUCKET = 'rowferry-uploads';

/**
 * Makes what is missing in the servers that the environment names, and writes into the environment where it is.
 *
 * @throws EnvironmentError or StartError when something cannot be had.
 */
export async function prepare(logger: Logger, { isOwnStore }: { isOwnStore: boolean }): Promise<void> {
  // That of the worker, which would end as often as it is started.
  pickupOf(readEnvironment([], PICKUP_VARIABLES));
  process.env.UPLOAD_BUCKET ||= BUCKET;
  const environment = readEnvironment(
    [...AWS_VARIABLES, 'DATABASE_URL', 'UPLOAD_BUCKET'],
    ['ROW_QUEUE_URL', 'ROW_DLQ_URL', 'SEGMENT_QUEUE_URL', 'SEGMENT_DLQ_URL'],
  );
  await prepareDatabase(environment.DATABASE_URL, logger);
  const queues = await prepareQueuesAndBucket(environment, environment.UPLOAD_BUCKET, {
    rows: environment.ROW_QUEUE_URL,
    rowsDlq: environment.ROW_DLQ_URL,
    segments: environment.SEGMENT_QUEUE_URL,
    segmentsDlq: environment.SEGMENT_DLQ_URL,
  });
  Object.assign(process.env, queueVariables(queues));
  if (!isOwnStore) return;
  const { objects, objectsDlq } = await prepareObjectNotifications(environment, environment.UPLOAD_BUCKET);
  Object.assign(process.env, { OBJECT_QUEUE_URL: objects, OBJECT_DLQ_URL: objectsDlq });
  Object.assign(process.env, await prepareEvents(environment));
}

export type ServingSettings = {
  /** On a disk that what is embedded writes to; undefined where nothing is. */
  dataDir: string | undefined;
  /** Undefined where standard output is none. */
  terminal: Terminal | undefined;
  logger: Logger;
  /** Stops what was started. */
  running: AsyncDisposableStack;
};

/** Starts the API, and what looks after disk and progress meanwhile. @returns the URL of the API. */
export async function startServing({ dataDir, terminal, logger, running }: ServingSettings): Promise<string> {
  const environment = readEnvironment(API_VARIABLES, API_OPTIONAL_VARIABLES);
  const api = await startApi(environment, logger, { dataDir }).catch((error: unknown) => {
    throw error instanceof ListenError ? new StartError(error.message) : error;
  });
  running.defer(() => api.close());
  if (dataDir !== undefined)
    running.defer(watchDisk({ dataDir, maxUploadBytes: environment.MAX_UPLOAD_BYTES, logger }));
  if (terminal !== undefined) running.defer(showProgress(environment.DATABASE_URL, terminal, logger));
  return api.url;
}
