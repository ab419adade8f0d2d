import { AWS_VARIABLES, createS3Client } from '@rowferry/aws';
import { connect } from '@rowferry/database';
import type { Environment, Logger } from '@rowferry/runtime';
import { createApp } from './app.ts';
import { listen, type RunningApi } from './server.ts';

/** What the API reads from the environment. */
export const API_VARIABLES = [
  ...AWS_VARIABLES,
  'HOST',
  'PORT',
  'DATABASE_URL',
  'DATABASE_POOL_MAX',
  'UPLOAD_BUCKET',
  'MAX_UPLOAD_BYTES',
] as const;

/** Starts the API with a pool of its own. @throws ListenError when its address cannot be listened on. */
export async function startApi(environment: Environment<(typeof API_VARIABLES)[number]>, logger: Logger): Promise<RunningApi> {
  const database = connect({
    url: environment.DATABASE_URL,
    poolMax: environment.DATABASE_POOL_MAX,
    onWarning: (message) => logger.warn(message),
  });
  const app = createApp({
    database,
    s3: createS3Client(environment),
    bucket: environment.UPLOAD_BUCKET,
    maxUploadBytes: environment.MAX_UPLOAD_BYTES,
    logger,
  });
  const server = await listen(app, { host: environment.HOST, port: environment.PORT });
  return {
    url: server.url,
    async close() {
      await server.close();
      await database.destroy();
    },
  };
}
