import { type Database, failUpload, saveUnreadableMessage } from '@rowferry/database';
import { decodeBody, type SourceObject, sourceObjectsOf } from '@rowferry/messages';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { READING_FAILED } from './dead-task-handler.ts';
import { processRecords } from './process-records.ts';

type LostEventSettings = { database: Database; logger: Logger };

/** For S3 events that the producer could not serve in all its tries: their uploads have failed. */
export function createLostEventHandler(settings: LostEventSettings) {
  return (event: unknown): Promise<void> => failAll(settings, sourceObjectsOf(event));
}

/**
 * The handler of the queue that Lambda gives such events to as the producer's on-failure destination. One that nobody
 * can read is kept for an operator.
 */
export function createLostEventQueueHandler(settings: LostEventSettings & { queueName: string }) {
  const { database, logger, queueName } = settings;
  return (event: SQSEvent): Promise<SQSBatchResponse> => processRecords(event.Records, logger, recordDeadLetter);

  async function recordDeadLetter({ messageId, body }: SQSRecord): Promise<void> {
    const uploads = readUploads(body);
    if (uploads instanceof Error)
      await saveUnreadableMessage(database, { messageId, queue: queueName, body, reason: uploads.message });
    else await failAll(settings, uploads);
  }
}

async function failAll({ database, logger }: LostEventSettings, uploads: readonly SourceObject[]): Promise<void> {
  for (const upload of uploads) {
    await failUpload(database, upload, READING_FAILED);
    logger.error({ uploadId: upload.id }, 'an upload could not be read');
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations */
const destinationSchema = z.object({ requestPayload: z.unknown() });

function readUploads(body: string): SourceObject[] | Error {
  try {
    return sourceObjectsOf(decodeBody(destinationSchema, body).requestPayload);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
