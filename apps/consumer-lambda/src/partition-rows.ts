import type { RejectedRow, ValidRow } from '@rowferry/database';
import { validateRow } from '@rowferry/roster';
import type { RowsDelivery } from './delivery.ts';

/** A row, and the message that it came in: the one to fail when the row cannot be written. */
export type Delivered<T> = T & { messageId: string };

/** Checks every row of the messages: what the rules allow on one side, what they refuse, with all its errors, on the other. */
export function partitionRows(deliveries: readonly RowsDelivery[]): {
  valid: Delivered<ValidRow>[];
  rejected: Delivered<RejectedRow>[];
} {
  const valid: Delivered<ValidRow>[] = [];
  const rejected: Delivered<RejectedRow>[] = [];
  for (const { messageId, attempts, message } of deliveries) {
    for (const row of message.rows) {
      const address = { messageId, uploadId: message.uploadId, line: row.line, attempts };
      const result = validateRow(row);
      if (result.ok) valid.push({ ...address, employee: result.employee });
      else rejected.push({ ...address, raw: result.raw, errors: result.errors });
    }
  }
  return { valid, rejected };
}
