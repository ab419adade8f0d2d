import type { RejectedRow, ValidRow } from '@rowferry/database';
import { validateRow } from '@rowferry/roster';
import { TimeSlice } from '@rowferry/runtime';
import type { Admitted } from './admit-messages.ts';
import type { RowsDelivery } from './delivery.ts';

/** A row, and the message that it came in: the one to fail when the row cannot be written. */
export type Delivered<T> = T & { messageId: string };

/**
 * Checks every row of the messages: what the rules allow on one side, what they refuse, with all its errors, on the other.
 * Between two messages it lets the event loop run every few milliseconds.
 */
export async function partitionRows(deliveries: readonly Admitted<RowsDelivery>[]): Promise<{
  valid: Delivered<ValidRow>[];
  rejected: Delivered<RejectedRow>[];
}> {
  const slice = new TimeSlice();
  const valid: Delivered<ValidRow>[] = [];
  const rejected: Delivered<RejectedRow>[] = [];
  for (const { messageId, attempts, message, upload } of deliveries) {
    const { uploadId } = message;
    const { receivedAtMicros } = upload;
    for (const row of message.rows) {
      const { line } = row;
      const result = validateRow(row);
      if (result.ok) valid.push({ messageId, uploadId, line, attempts, receivedAtMicros, employee: result.employee });
      else rejected.push({ messageId, uploadId, line, attempts, raw: result.raw, errors: result.errors });
    }
    if (slice.isOver) await slice.next();
  }
  return { valid, rejected };
}
