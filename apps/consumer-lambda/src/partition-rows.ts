import type { RejectedRow, ValidRow } from '@rowferry/database';
import { validateRow } from '@rowferry/roster';
import type { RowsDelivery } from './delivery.ts';

/** A row ready to be written, and the message that it came in: the one to fail when the row cannot be written. */
export type WithMessageId<T> = T & { messageId: string };

/** Checks every row of the messages: what the rules allow on one side, what they refuse, with all its errors, on the other. */
export function partitionRows(deliveries: readonly RowsDelivery[]): {
  valid: WithMessageId<ValidRow>[];
  rejected: WithMessageId<RejectedRow>[];
} {
  const valid: WithMessageId<ValidRow>[] = [];
  const rejected: WithMessageId<RejectedRow>[] = [];
  for (const { messageId, receives, message } of deliveries) {
    for (const row of message.rows) {
      const address = { messageId, uploadId: message.uploadId, line: row.line, attempts: receives };
      const result = validateRow(row);
      if (result.ok) valid.push({ ...address, employee: result.employee });
      else rejected.push({ ...address, raw: result.raw, errors: result.errors });
    }
  }
  return { valid, rejected };
}
