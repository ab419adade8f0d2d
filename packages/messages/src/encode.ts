import { COLUMNS, type Row } from '@rowferry/roster';
import type { Message } from './message.ts';
import type { ReadTask } from './read-task.ts';
import { MESSAGE_VERSION } from './version.ts';
import { toWireRow } from './wire-row.ts';

/** A message or a task as the body of an SQS message. */
export function encodeBody(body: Message | ReadTask): string {
  return toJson(body.type === 'rows' ? { ...body, columns: COLUMNS, rows: body.rows.map(toWireRow) } : body);
}

/** What comes before the first row in the body of a message of rows; `]}` comes after the last. */
export function encodeRowsHead({ uploadId, segment }: { uploadId: string; segment: number }): string {
  const envelope = JSON.stringify({ v: MESSAGE_VERSION, type: 'rows', uploadId, segment, columns: COLUMNS });
  return `${envelope.slice(0, -1)},"rows":[`;
}

/** A row as it stands in the body of a message. */
export function encodeRow(row: Row): string {
  return toJson(toWireRow(row));
}

/**
 * SQS takes only #x9, #xA, #xD, #x20–#xD7FF, #xE000–#xFFFD and #x10000–#x10FFFF
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html) and refuses a body
 * with anything else for good, so U+FFFE and U+FFFF travel as JSON escapes; JSON itself escapes C0 controls and lone
 * surrogates. Surrogate pairs are escaped too because emulators check the body by UTF-16 unit and refuse them.
 */
function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\ud800-\udfff\ufffe\uffff]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
