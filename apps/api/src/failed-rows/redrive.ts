import type { SQSClient } from '@aws-sdk/client-sqs';
import { BatchSender } from '@rowferry/aws';
import { type Database, findRedriveState, redriveDeadRows, rereadUpload } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type Message, type ReadTask, type SourceObject } from '@rowferry/messages';
import type { ShapedRow } from '@rowferry/roster';

export type RedriveQueues = { sqs: SQSClient; rowQueueUrl: string; segmentQueueUrl: string };

export type Redriven = { rows: number; file: boolean };

/**
 * Sends again what of an upload failed for no fault of its file.
 *
 * @returns what was sent; undefined when there is no such upload.
 */
export async function redrive(
  database: Database,
  queues: RedriveQueues,
  uploadId: string,
): Promise<Redriven | undefined> {
  const state = await findRedriveState(database, uploadId);
  if (state === undefined) return undefined;
  const rows =
    state.dead > 0 ? await redriveDeadRows(database, uploadId, (dead) => sendRows(queues, uploadId, dead)) : 0;
  if (state.mustReread) await rereadUpload(database, uploadId, (upload) => sendObject(queues, upload));
  return { rows, file: state.mustReread };
}

/** One row a message: whatever was wrong with one, it does not hold up the others again. */
async function sendRows(
  { sqs, rowQueueUrl }: RedriveQueues,
  uploadId: string,
  rows: readonly ShapedRow[],
): Promise<void> {
  const sender = new BatchSender(sqs, rowQueueUrl);
  for (const row of rows) {
    const message: Message = { v: MESSAGE_VERSION, type: 'rows', uploadId, segment: 0, rows: [row] };
    await sender.send(encodeBody(message));
  }
  await sender.flush();
}

async function sendObject({ sqs, segmentQueueUrl }: RedriveQueues, upload: SourceObject): Promise<void> {
  const sender = new BatchSender(sqs, segmentQueueUrl);
  const task: ReadTask = { v: MESSAGE_VERSION, type: 'object', upload };
  await sender.send(encodeBody(task));
  await sender.flush();
}
