import { AWS_VARIABLES, createS3Client, databasePassword } from '@rowferry/aws';
import { connect } from '@rowferry/database';
import { createLogger, readEnvironment } from '@rowferry/runtime';
import { createBackfillHandler } from './handler.ts';

const environment = readEnvironment([
  ...AWS_VARIABLES,
  'DATABASE_URL',
  'UPLOAD_BUCKET',
  'MAX_UPLOAD_BYTES',
  'BACKFILL_PREFIX',
  'BACKFILL_CONCURRENCY_MAX',
  'LOG_LEVEL',
]);
const logger = createLogger('backfill', environment.LOG_LEVEL);
const s3 = createS3Client(environment);

/** A Lambda container runs one task at a time. */
const POOL_MAX = 1;

/** What Step Functions calls. */
export const handler = createBackfillHandler({
  database: connect({
    url: environment.DATABASE_URL,
    password: databasePassword(environment, s3),
    poolMax: POOL_MAX,
    onWarning: (message) => logger.warn(message),
  }),
  s3,
  bucket: environment.UPLOAD_BUCKET,
  allowedPrefix: environment.BACKFILL_PREFIX,
  maxUploadBytes: environment.MAX_UPLOAD_BYTES,
  concurrencyMax: environment.BACKFILL_CONCURRENCY_MAX,
  logger,
});
