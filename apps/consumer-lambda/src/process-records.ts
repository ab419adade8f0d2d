import { failuresOf, toBatchResponse } from '@rowferry/aws';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse } from 'aws-lambda';
import { logFailures } from './failures.ts';

/** Does `work` for one message after the other. @returns the messages that failed. */
export async function processRecords<Received extends { messageId: string }>(
  messages: readonly Received[],
  logger: Logger,
  work: (message: Received) => Promise<void>,
): Promise<SQSBatchResponse> {
  const failures = await failuresOf(messages, work);
  logFailures(logger, failures);
  return toBatchResponse(failures);
}
