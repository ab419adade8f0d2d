import { type Database, failUpload } from '@rowferry/database';
import { decodeBody, uploadsOf } from '@rowferry/roster';
import type { Logger } from '@rowferry/runtime';
import type { SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { READING_FAILED } from './dead-task-handler.ts';

type LostEventSettings = { database: Database; logger: Logger };

/** For S3 events that the producer could not serve in all its tries: their uploads have failed. */
export function createLostEventHandler({ database, logger }: LostEventSettings) {
  return async (event: unknown): Promise<void> => {
    for (const upload of uploadsOf(event)) {
      await failUpload(database, upload, READING_FAILED);
      logger.error({ uploadId: upload.id }, 'an upload could not be read');
    }
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations */
const destinationSchema = z.object({ requestPayload: z.unknown() });

/** The handler of the queue that Lambda gives such events to as the producer's on-failure destination. */
export function createLostEventQueueHandler(settings: LostEventSettings) {
  const handle = createLostEventHandler(settings);
  return async (event: SQSEvent): Promise<void> => {
    for (const { body } of event.Records) await handle(decodeBody(destinationSchema, body).requestPayload);
  };
}
