import type { Failures } from '@rowferry/aws';
import { type Database, failUpload, finishSegment, identifyUploads, startUpload } from '@rowferry/database';
import type { Message, MessageOf, SourceObject } from '@rowferry/messages';
import type { UploadFailure } from '@rowferry/roster';
import type { Logger } from '@rowferry/runtime';
import type { Delivery } from './delivery.ts';

/** A message that says something about an upload as a whole. */
export type UploadEvent = Exclude<Message, MessageOf<'rows'>>;

type EventSettings = { database: Database; logger: Logger };

/** Records what messages say about uploads as a whole. @returns the messages that failed. */
export async function applyUploadEvents(
  settings: EventSettings,
  deliveries: readonly Delivery<UploadEvent>[],
): Promise<Failures> {
  const failures = new Map<string, unknown>();
  for (const { messageId, message } of deliveries) {
    try {
      await applyUploadEvent(settings, message);
    } catch (error) {
      failures.set(messageId, error);
    }
  }
  return failures;
}

/** Records what one message says about its upload. */
export async function applyUploadEvent(settings: EventSettings, message: UploadEvent): Promise<void> {
  const { database } = settings;
  switch (message.type) {
    case 'upload.started':
      return startUpload(database, message.upload, message);
    case 'segment.finished':
      return finishSegment(database, message);
    case 'upload.failed':
      return recordFailedUpload(settings, message.upload, message.failure);
  }
}

/** Records that an upload has failed, and logs it: once, however often it is said. */
export async function recordFailedUpload(
  { database, logger }: EventSettings,
  announced: SourceObject,
  failure: UploadFailure,
): Promise<void> {
  // What was never opened has not said yet that it is not the object of the API.
  const [upload = announced] = await identifyUploads(database, [announced]);
  if (await failUpload(database, upload, failure))
    logger.warn(
      { uploadId: upload.id, status: 'failed', code: failure.code, metrics: { FailedUploads: 1 } },
      'upload failed',
    );
}
