import { failuresOf, toBatchResponse } from '@rowferry/aws';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';

/** Does `work` for one record after the other. @returns those that failed: they come again, and after some times go to the DLQ. */
export async function forEachRecord(
  records: readonly SQSRecord[],
  logger: Logger,
  work: (record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> {
  const failures = await failuresOf(records, work, ({ messageId }, error) =>
    logger.warn({ messageId, err: error }, 'message of webhooks not handled; retrying'),
  );
  return toBatchResponse(failures);
}
