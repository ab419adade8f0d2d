import { AWS_VARIABLES, createSnsClient, createSqsClient, databasePassword } from '@rowferry/aws';
import { connect } from '@rowferry/database';
import { createLogger, readEnvironment } from '@rowferry/runtime';
import { createDeadLetterHandler } from './dead-letter-handler.ts';
import { createDeadTaskHandler } from './dead-task-handler.ts';
import { createLostEventHandler } from './lost-event-handler.ts';
import { publishingAfter } from './publishing-handler.ts';
import { createRowHandler } from './row-handler.ts';

const environment = readEnvironment([
  ...AWS_VARIABLES,
  'DATABASE_URL',
  'ROW_QUEUE_URL',
  'EVENTS_TOPIC_ARN',
  'LOG_LEVEL',
]);
const logger = createLogger('consumer', environment.LOG_LEVEL);

const sqs = createSqsClient(environment);

/** A Lambda container runs one invocation at a time; the second connection is there for the one being replaced. */
const POOL_MAX = 2;

/**
 * Nobody pauses a Lambda's queue: five attempts within half a minute, and whatever came in during a failover of the database, which
 * takes a minute or two (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html), would be
 * dead. With this, four waits of up to 2, 4, 8 and 15 minutes: in all less than two minutes for one message in a thousand.
 */
const UNAVAILABLE_BASE_SECONDS = 120;

/** Made once a container, and never destroyed between invocations. */
const database = connect({
  url: environment.DATABASE_URL,
  password: databasePassword(environment, sqs),
  poolMax: POOL_MAX,
  onWarning: (message) => logger.warn(message),
});

const publishing = { database, sns: createSnsClient(environment), topicArn: environment.EVENTS_TOPIC_ARN, logger };

/** What AWS Lambda calls for the row queue. */
export const handler = publishingAfter(
  publishing,
  createRowHandler({
    database,
    sqs,
    rowQueueUrl: environment.ROW_QUEUE_URL,
    logger,
    unavailableBaseSeconds: UNAVAILABLE_BASE_SECONDS,
  }),
);

/** What AWS Lambda calls for the row queue's dead-letter queue. */
export const deadLetterHandler = publishingAfter(
  publishing,
  createDeadLetterHandler({ database, queueName: 'rows', logger }),
);

/** What AWS Lambda calls for the segment queue's dead-letter queue. */
export const deadTaskHandler = publishingAfter(
  publishing,
  createDeadTaskHandler({ database, queueName: 'segments', logger }),
);

/** What AWS Lambda calls for the producer's on-failure destination. */
export const lostEventHandler = publishingAfter(
  publishing,
  createLostEventHandler({ database, queueName: 'lost events', logger }),
);
