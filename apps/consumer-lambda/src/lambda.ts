import { AWS_VARIABLES, createSqsClient } from '@rowferry/aws';
import { connect } from '@rowferry/database';
import { createLogger, readEnvironment } from '@rowferry/runtime';
import { createRowHandler } from './row-handler.ts';

const environment = readEnvironment([...AWS_VARIABLES, 'DATABASE_URL', 'ROW_QUEUE_URL', 'LOG_LEVEL']);
const logger = createLogger('consumer', environment.LOG_LEVEL);

/** A Lambda container runs one invocation at a time; the second connection is there for the one being replaced. */
const POOL_MAX = 2;

/** What AWS Lambda calls for the row queue. Clients and pool are made once a container. */
export const handler = createRowHandler({
  database: connect({
    url: environment.DATABASE_URL,
    poolMax: POOL_MAX,
    onWarning: (message) => logger.warn(message),
  }),
  sqs: createSqsClient(environment),
  rowQueueUrl: environment.ROW_QUEUE_URL,
  logger,
});
