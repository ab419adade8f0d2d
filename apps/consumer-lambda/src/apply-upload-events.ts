import { type Database, failUpload, finishSegment, startUpload } from '@rowferry/database';
import type { Message, MessageOf } from '@rowferry/messages';
import type { Delivery } from './delivery.ts';
import type { Failures } from './failures.ts';

/** A message that says something about an upload as a whole. */
export type UploadEvent = Exclude<Message, MessageOf<'rows'>>;

/** Records what messages say about uploads as a whole. @returns the messages that failed. */
export async function applyUploadEvents(
  database: Database,
  deliveries: readonly Delivery<UploadEvent>[],
): Promise<Failures> {
  const failures = new Map<string, unknown>();
  for (const { messageId, message } of deliveries) {
    try {
      await applyUploadEvent(database, message);
    } catch (error) {
      failures.set(messageId, error);
    }
  }
  return failures;
}

/** Records what one message says about its upload. */
export async function applyUploadEvent(database: Database, message: UploadEvent): Promise<void> {
  switch (message.type) {
    case 'upload.started':
      return startUpload(database, message.upload, message);
    case 'segment.finished':
      return finishSegment(database, message);
    case 'upload.failed':
      return failUpload(database, message.upload, message.failure);
  }
}
