import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse } from 'aws-lambda';
import { logFailures, toBatchResponse } from './failures.ts';

/** Does `work` for one message after the other. @returns the messages that failed. */
export async function processRecords<Received extends { messageId: string }>(
  messages: readonly Received[],
  logger: Logger,
  work: (message: Received) => Promise<void>,
): Promise<SQSBatchResponse> {
  const failures = new Map<string, unknown>();
  for (const message of messages) {
    await work(message).catch((error: unknown) => failures.set(message.messageId, error));
  }
  logFailures(logger, failures);
  return toBatchResponse(failures);
}
