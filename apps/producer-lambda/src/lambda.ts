import { AWS_VARIABLES, createS3Client, createSqsClient } from '@rowferry/aws';
import { createLogger, readEnvironment } from '@rowferry/runtime';
import { createObjectHandler } from './object-handler.ts';
import { createSegmentHandler } from './segment-handler.ts';

const environment = readEnvironment([
  ...AWS_VARIABLES,
  'ROW_QUEUE_URL',
  'SEGMENT_QUEUE_URL',
  'MAX_UPLOAD_BYTES',
  'ROWS_PER_MESSAGE',
  'LOG_LEVEL',
]);

const settings = {
  s3: createS3Client(environment),
  sqs: createSqsClient(environment),
  rowQueueUrl: environment.ROW_QUEUE_URL,
  segmentQueueUrl: environment.SEGMENT_QUEUE_URL,
  rowsPerMessage: environment.ROWS_PER_MESSAGE,
  maxUploadBytes: environment.MAX_UPLOAD_BYTES,
  logger: createLogger('producer', environment.LOG_LEVEL),
};

/** What AWS Lambda calls for S3 events. */
export const objectHandler = createObjectHandler(settings);

/** What AWS Lambda calls for the segment queue. */
export const segmentHandler = createSegmentHandler(settings);
