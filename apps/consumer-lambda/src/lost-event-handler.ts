import { type Database, failUpload, keepUnreadableMessage } from '@rowferry/database';
import { decodeBody, type Upload, uploadsOf } from '@rowferry/roster';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { READING_FAILED } from './dead-task-handler.ts';
import { settleEach } from './settle-each.ts';

type LostEventSettings = { database: Database; logger: Logger };

/** For S3 events that the producer could not serve in all its tries: their uploads have failed. */
export function createLostEventHandler(settings: LostEventSettings) {
  return (event: unknown): Promise<void> => failAll(settings, uploadsOf(event));
}

/**
 * The handler of the queue that Lambda gives such events to as the producer's on-failure destination. One that nobody
 * can read is kept for an operator.
 */
export function createLostEventQueueHandler(settings: LostEventSettings & { queueName: string }) {
  const { database, logger, queueName } = settings;
  return (event: SQSEvent): Promise<SQSBatchResponse> => settleEach(event.Records, logger, bury);

  async function bury({ messageId, body }: SQSRecord): Promise<void> {
    const uploads = readUploads(body);
    if (uploads instanceof Error)
      await keepUnreadableMessage(database, { messageId, queue: queueName, body, reason: uploads.message });
    else await failAll(settings, uploads);
  }
}

async function failAll({ database, logger }: LostEventSettings, uploads: readonly Upload[]): Promise<void> {
  for (const upload of uploads) {
    await failUpload(database, upload, READING_FAILED);
    logger.error({ uploadId: upload.id }, 'an upload could not be read');
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations */
const destinationSchema = z.object({ requestPayload: z.unknown() });

function readUploads(body: string): Upload[] | Error {
  try {
    return uploadsOf(decodeBody(destinationSchema, body).requestPayload);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
