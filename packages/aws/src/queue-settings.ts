/**
 * What the queues of `rowferry start`, of tests and on AWS have in common, and what the code that reads them counts on.
 * docs/aws.md says the same.
 */

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** Receives of a message after which its queue moves it to the dead-letter queue. */
export const MAX_RECEIVE_COUNT = 5;

/** Whether a message that fails now is not delivered again: its queue moves it to the dead-letter queue. */
export function isLastAttempt({ attempts }: { attempts: number }): boolean {
  return attempts >= MAX_RECEIVE_COUNT;
}

/** Seconds for which a received message is hidden from others; pollers renew it while a handler runs. */
export const VISIBILITY_TIMEOUT_SECONDS = 30;

/** Longest that SQS keeps a message: for those that wait for a database that is unavailable. */
export const MESSAGE_RETENTION_SECONDS = 14 * DAY;

/**
 * Messages in one receive and entries in one batch request, at most
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html).
 */
export const SQS_BATCH_SIZE = 10;

/**
 * Wait of a failed message before its next attempt, in seconds: after the first attempt up to `base`, doubled with each,
 * up to `cap`.
 */
export const RETRY_SECONDS = { base: 2, cap: 15 * MINUTE };
