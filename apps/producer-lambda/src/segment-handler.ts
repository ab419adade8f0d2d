import { BatchSender, ObjectGoneError, objectAddressOf, readObject } from '@rowferry/aws';
import {
  decodeReadTask,
  encodeBody,
  MESSAGE_VERSION,
  type Message,
  type ReadTask,
  type SegmentTask,
} from '@rowferry/messages';
import { detachBuffer } from '@rowferry/runtime';
import { OBJECT_GONE } from './object-gone.ts';
import { type ProducerSettings, publishUpload } from './object-handler.ts';
import { createRetryingHandler } from './retrying-handler.ts';
import { sendSegment } from './send-segment.ts';

/**
 * The handler of the segment queue: reads each segment by a ranged GET, or a whole object that is redriven, and sends its
 * rows. What failed comes again.
 */
export function createSegmentHandler(settings: ProducerSettings) {
  const { sqs, segmentQueueUrl: queueUrl, logger } = settings;
  return createRetryingHandler(
    { sqs, queueUrl, logger, failureText: 'segment not published; retrying' },
    async ({ body }) => perform(settings, decodeReadTask(body)),
  );
}

async function perform(settings: ProducerSettings, task: ReadTask): Promise<void> {
  switch (task.type) {
    case 'segment':
      return publishSegment(settings, task);
    case 'object':
      await publishUpload(settings, task.upload);
      return;
  }
}

async function publishSegment({ s3, sqs, rowQueueUrl }: ProducerSettings, task: SegmentTask): Promise<void> {
  const sender = new BatchSender(sqs, rowQueueUrl);
  try {
    const { bytes } = await readObject(s3, {
      ...objectAddressOf(task.upload),
      range: { start: task.start, end: task.end },
    });
    await sendSegment(sender, task, bytes);
    detachBuffer(bytes);
  } catch (error) {
    if (!(error instanceof ObjectGoneError)) throw error;
    const failed: Message = { v: MESSAGE_VERSION, type: 'upload.failed', upload: task.upload, failure: OBJECT_GONE };
    await sender.send(encodeBody(failed));
    await sender.flush();
  }
}
