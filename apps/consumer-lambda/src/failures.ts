import {
  clearFailureReasons,
  type Database,
  isDatabaseUnavailable,
  reasonOf,
  saveFailureReasons,
  sqlState,
} from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { Delivery } from './delivery.ts';

/** Messages that failed, by their id, and what each failed with. */
export type Failures = ReadonlyMap<string, unknown>;

/** One line for each thing that went wrong, however many messages it made fail. Data errors can quote a value: only their code is logged. */
export function logFailures(logger: Logger, failures: Failures): void {
  for (const error of new Set(failures.values())) {
    const messages = [...failures.values()].filter((other) => other === error).length;
    logger.warn({ messages, sqlState: sqlState(error), err: error }, 'messages were not landed; they come again');
  }
}

/** Keeps the reasons where a dead row will look for them. Best effort: while the database is away there is nowhere to keep them. */
export async function saveReasons(database: Database, logger: Logger, failures: Failures): Promise<void> {
  const reasons = [...failures]
    .filter(([, error]) => !isDatabaseUnavailable(error))
    .map(([messageId, error]) => ({ messageId, reason: reasonOf(error) }));
  if (reasons.length === 0) return;
  await saveFailureReasons(database, reasons).catch((error: unknown) => {
    logger.warn({ messages: reasons.length, err: error }, 'the reasons of failures could not be kept');
  });
}

/** Forgets why messages failed before that have landed now. Best effort: a reason that stays does no harm. */
export async function clearReasons(database: Database, logger: Logger, landed: readonly Delivery[]): Promise<void> {
  const retried = landed.filter(({ receives }) => receives > 1).map(({ messageId }) => messageId);
  if (retried.length === 0) return;
  await clearFailureReasons(database, retried).catch((error: unknown) => {
    logger.warn({ messages: retried.length, err: error }, 'the reasons of earlier failures could not be forgotten');
  });
}
