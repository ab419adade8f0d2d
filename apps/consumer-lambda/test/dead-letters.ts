import { randomUUID } from 'node:crypto';
import type { Message } from '@aws-sdk/client-sqs';
import type { Database } from '@rowferry/database';

/** A message as it comes out of a dead-letter queue: received more often than its queue allows. */
export function deadLetter(
  body: string,
  { id = randomUUID(), attempts = 6 }: { id?: string; attempts?: number } = {},
): Message {
  return {
    MessageId: id,
    ReceiptHandle: id,
    Body: body,
    Attributes: { ApproximateReceiveCount: String(attempts) },
  };
}

export type UnreadableRow = { message_id: string; queue: string; body: string; reason: string };

export async function unreadableMessages(database: Database): Promise<UnreadableRow[]> {
  const { rows } = await database.raw<{ rows: UnreadableRow[] }>(
    'select message_id, queue, body, reason from unreadable_messages order by body',
  );
  return rows;
}
