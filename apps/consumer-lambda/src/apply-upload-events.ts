import { type Database, failUpload, finishSegment, startUpload } from '@rowferry/database';
import type { Message } from '@rowferry/messages';
import type { Delivery } from './delivery.ts';
import type { Failures } from './failures.ts';

/** Records what messages say about uploads as a whole. @returns the messages that failed. */
export async function applyUploadEvents(database: Database, deliveries: readonly Delivery[]): Promise<Failures> {
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

/** Records what one message says about its upload; rows say nothing. */
export async function applyUploadEvent(database: Database, message: Message): Promise<void> {
  switch (message.type) {
    case 'upload.started':
      return startUpload(database, message.upload, message);
    case 'segment.finished':
      return finishSegment(database, message);
    case 'upload.failed':
      return failUpload(database, message.upload, message.failure);
    case 'rows':
      return;
  }
}
