import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toText } from '../connection/sql-values.ts';

export type UnreadableMessage = { messageId: string; queue: string; body: string; reason: string };

const SAVE_UNREADABLE_MESSAGE = statement(
  'insert into unreadable_messages (message_id, queue, body, reason) values (?, ?, ?, ?) on conflict do nothing',
);

/** Saves a message that nobody can read, with its body, for an operator. Saving it again changes nothing. */
export async function saveUnreadableMessage(database: Database, message: UnreadableMessage): Promise<void> {
  const { messageId, queue, body, reason } = message;
  await query(database, SAVE_UNREADABLE_MESSAGE, [toText(messageId), queue, toText(body), toText(reason)]);
}

/** Without all of its body, which may have a megabyte: its beginning, and how many characters it has. */
export type UnreadableMessageRecord = {
  message_id: string;
  queue: string;
  reason: string;
  body_start: string;
  body_length: number;
  received_at: Date;
};

/** Characters that are shown of the body of a message. */
export const BODY_START_MAX = 1000;

const LIST_UNREADABLE_MESSAGES = statement(`
  select message_id, queue, reason, left(body, ${BODY_START_MAX}) as body_start, length(body) as body_length, received_at
  from unreadable_messages order by received_at desc, message_id limit :limit offset :offset`);
const COUNT_UNREADABLE_MESSAGES = statement('select count(*) as total from unreadable_messages');

/** Messages that nobody could read, newest first. */
export async function listUnreadableMessages(
  database: Database,
  page: { limit: number; offset: number },
): Promise<{ messages: UnreadableMessageRecord[]; total: number }> {
  const [messages, total] = await Promise.all([
    query<UnreadableMessageRecord>(database, LIST_UNREADABLE_MESSAGES, page),
    countUnreadableMessages(database),
  ]);
  return { messages, total };
}

/** How many messages nobody could read. */
export async function countUnreadableMessages(database: Database): Promise<number> {
  const [count] = await query<{ total: number }>(database, COUNT_UNREADABLE_MESSAGES);
  return count?.total ?? 0;
}
