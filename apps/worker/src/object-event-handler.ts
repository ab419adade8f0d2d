import { BatchSender } from '@rowferry/aws';
import { SEGMENT_BYTES } from '@rowferry/csv';
import { type Database, isDatabaseUnavailable, markUploadsEnqueued } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type ReadTask, type SourceObject, sourceObjectsOf } from '@rowferry/messages';
import { createRetryingHandler, type ProducerSettings, publishUpload } from '@rowferry/producer-lambda';
import { findUnread } from './unread-uploads.ts';

export type ObjectEventSettings = ProducerSettings & { database: Database };

/** Longest first wait of an event that failed. With the waits after it, an upload is tried for some two minutes. */
const RETRY_BASE_SECONDS = 15;

/** The handler of the queue that S3 notifies of created objects: publishes their uploads. What failed comes again. */
export function createObjectEventHandler(settings: ObjectEventSettings, queueUrl: string) {
  const { sqs, logger } = settings;
  return createRetryingHandler(
    { sqs, queueUrl, logger, failureText: 'upload not read; retrying', retryBaseSeconds: RETRY_BASE_SECONDS },
    async ({ body }) => {
      for (const object of sourceObjectsOf(JSON.parse(body))) await publishUnread(settings, object);
    },
  );
}

/** A large file goes to the segment queue: surveying it takes long, and small ones do not wait for it. */
async function publishUnread(settings: ObjectEventSettings, object: SourceObject): Promise<void> {
  const { database } = settings;
  // Without Postgres an upload is read again rather than left: its rows are written once anyway.
  const [unread] = (await findUnread(database, [object]).catch(unlessUnavailable)) ?? [object];
  if (unread === undefined) return;
  if (unread.sizeBytes > SEGMENT_BYTES) return enqueueObjects(settings, [unread]);
  const { id } = await publishUpload(settings, unread);
  await markUploadsEnqueued(database, [id]).catch(unlessUnavailable);
}

/** Lets the segment handler read the objects from their beginning. */
export async function enqueueObjects(
  { sqs, segmentQueueUrl, database }: Pick<ObjectEventSettings, 'sqs' | 'segmentQueueUrl' | 'database'>,
  uploads: readonly SourceObject[],
): Promise<void> {
  if (uploads.length === 0) return;
  const sender = new BatchSender(sqs, segmentQueueUrl);
  for (const upload of uploads) {
    const task: ReadTask = { v: MESSAGE_VERSION, type: 'object', upload };
    await sender.send(encodeBody(task));
  }
  await sender.flush();
  const ids = uploads.map(({ id }) => id);
  await markUploadsEnqueued(database, ids).catch(unlessUnavailable);
}

function unlessUnavailable(error: unknown): undefined {
  if (!isDatabaseUnavailable(error)) throw error;
}
