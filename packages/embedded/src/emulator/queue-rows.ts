import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { BodyFiles } from './body-files.ts';
import type { SqsMessage } from './fauxqs.ts';
import { storeBody, toJsonText } from './stored-body.ts';

/** What of a message never changes, save its body. */
export type MessageFacts = Omit<
  SqsMessage,
  'messageId' | 'body' | 'approximateReceiveCount' | 'approximateFirstReceiveTimestamp'
>;

const IDENTITY = 'message_id, queue_name, facts';
const BODY = 'body, body_file, body_offset, body_length';

export function prepareQueueStatements(database: DatabaseSync) {
  return {
    loadQueues: database.prepare('select * from queues order by rowid'),
    insertQueue: database.prepare('insert into queues values (?, ?, ?, ?, ?, ?, ?)'),
    deleteQueue: database.prepare('delete from queues where name = ?'),
    updateQueue: database.prepare('update queues set attributes = ?, modified = ? where name = ?'),
    updateSequence: database.prepare('update queues set sequence = ? where name = ?'),
    loadMessages: database.prepare(
      'select id, message_id, facts, body_file, body_offset, body_length, receive_count, first_received, receipt_handle, visible_at from queued_messages where queue_name = ? order by id',
    ),
    messageIds: database.prepare('select message_id from queued_messages where queue_name = ?'),
    insertMessage: database.prepare(
      `insert into queued_messages (${IDENTITY}, ${BODY}, receive_count, first_received) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    moveMessage: database.prepare(
      `update queued_messages set queue_name = ?, receive_count = ?, (${BODY}) = (?, null, null, null), receipt_handle = null, visible_at = null where id = ?`,
    ),
    deleteMessage: database.prepare('delete from queued_messages where id = ?'),
    updateInflight: database.prepare(
      'update queued_messages set receipt_handle = ?, visible_at = ?, receive_count = ?, first_received = ? where id = ?',
    ),
    updateReady: database.prepare('update queued_messages set receipt_handle = null, visible_at = null where id = ?'),
    updateReceiveCount: database.prepare('update queued_messages set receive_count = ? where id = ?'),
    readBody: database.prepare('select body from queued_messages where id = ?'),
  };
}

/** Takes over the messages of Rowferry 0.1.0, whose bodies were texts in a table of another name. */
export function moveOldMessages(database: DatabaseSync, files: BodyFiles): void {
  if (database.prepare(`select 1 from sqlite_schema where name = 'messages'`).get() === undefined) return;
  const state = 'receive_count, first_received, receipt_handle, visible_at';
  const insert = database.prepare(
    `insert into queued_messages (${BODY}, ${IDENTITY}, ${state}) select ?, ?, ?, ?, ${IDENTITY}, ${state} from messages where rowid = ?`,
  );
  database.exec('BEGIN');
  for (const { rowid, body } of database.prepare('select rowid, body from messages order by rowid').iterate())
    insert.run(...storeBody(files, toJsonText(String(body))).columns, Number(rowid));
  database.exec('DROP TABLE messages');
  files.sync();
  database.exec('COMMIT');
}

export function json<Value>(text: SQLOutputValue | undefined): Value {
  return JSON.parse(String(text));
}
