import { type Database, failUpload, finishSegment, startUpload } from '@rowferry/database';
import type { Message } from '@rowferry/roster';

export type ControlMessage = Exclude<Message, { type: 'rows' }>;

/** Records what a message says about its upload as a whole. */
export async function landControl(database: Database, message: ControlMessage): Promise<void> {
  switch (message.type) {
    case 'upload.started':
      return startUpload(database, message.upload, message);
    case 'segment.finished':
      return finishSegment(database, message);
    case 'upload.failed':
      return failUpload(database, message.upload, message.failure);
  }
}
