import type { Database } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { AttemptRequest } from '@rowferry/webhooks';

export type WebhookSettings = {
  database: Database;
  logger: Logger;
  /** Has attempts made. Those that have not begun by their `notAfter` are not to be made. */
  dispatch: (requests: readonly AttemptRequest[]) => Promise<void>;
  /** Has the handler of the webhook queue called after so many seconds, up to `WAKE_MAX_SECONDS`. */
  wakeAfter: (seconds: number) => Promise<void>;
  /** Default: the system's clock. */
  now?: () => Date;
};

/** Longest that SQS delays a message (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html). */
export const WAKE_MAX_SECONDS = 900;

export function nowOf({ now = () => new Date() }: Pick<WebhookSettings, 'now'>): Date {
  return now();
}
