import { AWS_VARIABLES, createSnsClient, databasePassword } from '@rowferry/aws';
import { connect } from '@rowferry/database';
import { createLogger, EnvironmentError, readEnvironment } from '@rowferry/runtime';
import { createAlertHandler } from './alert-handler.ts';
import { createNotificationHandler } from './notification-handler.ts';
import { createRelay } from './relay.ts';

const environment = readEnvironment([...AWS_VARIABLES, 'DATABASE_URL', 'EVENTS_TOPIC_ARN', 'LOG_LEVEL']);
const logger = createLogger('events', environment.LOG_LEVEL);
const sns = createSnsClient(environment);

/** A Lambda container runs one invocation at a time. */
const POOL_MAX = 1;

/** Made once a container, and never destroyed between invocations. */
const database = connect({
  url: environment.DATABASE_URL,
  password: databasePassword(environment, sns),
  poolMax: POOL_MAX,
  onWarning: (message) => logger.warn(message),
});

/** What a schedule calls every minute: the consumer publishes what it makes true itself. */
export async function relayHandler(): Promise<void> {
  const { EVENTS_TOPIC_ARN: topicArn } = environment;
  if (topicArn === undefined) throw new EnvironmentError('EVENTS_TOPIC_ARN is not set');
  await createRelay({ database, sns, topicArn, logger })();
}

/** What AWS Lambda calls for the queue of notifications. */
export const notificationHandler = createNotificationHandler({ database, queueName: 'notifications', logger });

/** What AWS Lambda calls for the queue of alerts. */
export const alertHandler = createAlertHandler({ database, queueName: 'alerts', logger });
