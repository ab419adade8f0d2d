import type { RejectedRow, ValidRow } from '@rowferry/database';
import { judgeRow } from '@rowferry/roster';
import type { RowsDelivery } from './delivery.ts';

/** A row ready to be written, and the message that it came in: the one to fail when the row cannot be written. */
export type Sorted<T> = T & { messageId: string };

/** Checks every row of the messages: what the rules allow on one side, what they refuse, with all its errors, on the other. */
export function sortRows(deliveries: readonly RowsDelivery[]): {
  valid: Sorted<ValidRow>[];
  rejected: Sorted<RejectedRow>[];
} {
  const valid: Sorted<ValidRow>[] = [];
  const rejected: Sorted<RejectedRow>[] = [];
  for (const { messageId, receives, message } of deliveries) {
    for (const row of message.rows) {
      const address = { messageId, uploadId: message.uploadId, line: row.line, attempts: receives };
      const verdict = judgeRow(row);
      if (verdict.ok) valid.push({ ...address, employee: verdict.employee });
      else rejected.push({ ...address, raw: verdict.raw, errors: verdict.errors });
    }
  }
  return { valid, rejected };
}
