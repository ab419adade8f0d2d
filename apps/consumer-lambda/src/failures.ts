import { type Failures, isLastAttempt } from '@rowferry/aws';
import {
  clearFailureReasons,
  type Database,
  isDatabaseUnavailable,
  reasonOf,
  saveFailureReasons,
  sqlState,
} from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { type Delivery, isAbout } from './delivery.ts';

/** One line for each thing that went wrong, however many messages it made fail. Data errors can quote a value: only their code is logged. */
export function logFailures(logger: Logger, failures: Failures): void {
  for (const error of new Set(failures.values())) {
    const messages = [...failures.values()].filter((other) => other === error).length;
    logger.warn({ messages, sqlState: sqlState(error), err: error }, 'messages failed; retrying');
  }
}

/**
 * Saves why messages of rows failed at their last attempt, so that the dead-letter handler can say why their rows are dead.
 * Earlier failures end in another attempt, and no other message needs a saved reason. Best effort: an unavailable database
 * takes no reasons.
 */
export async function saveReasons(
  database: Database,
  logger: Logger,
  deliveries: readonly Delivery[],
  failures: Failures,
): Promise<void> {
  const reasons = deliveries
    .filter((delivery) => isAbout('rows')(delivery) && isLastAttempt(delivery))
    .map(({ messageId }) => ({ messageId, error: failures.get(messageId) }))
    .filter(({ error }) => error !== undefined && !isDatabaseUnavailable(error))
    .map(({ messageId, error }) => ({ messageId, reason: reasonOf(error) }));
  if (reasons.length === 0) return;
  await saveFailureReasons(database, reasons).catch((error: unknown) => {
    logger.warn({ messages: reasons.length, err: error }, 'saving failure reasons failed');
  });
}

/**
 * Clears the reasons of messages that succeed after their last attempt had failed: SQS may deliver one once more, and a queue
 * may allow more attempts. Best effort: a reason that stays does no harm.
 */
export async function clearReasons(
  database: Database,
  logger: Logger,
  deliveries: readonly Delivery[],
  failures: Failures,
): Promise<void> {
  const retried = deliveries
    .filter((delivery) => isLastAttempt(delivery) && !failures.has(delivery.messageId))
    .map(({ messageId }) => messageId);
  if (retried.length === 0) return;
  await clearFailureReasons(database, retried).catch((error: unknown) => {
    logger.warn({ messages: retried.length, err: error }, 'clearing failure reasons failed');
  });
}
