import { type Database, isDataError, reasonOf } from '@rowferry/database';
import { decodeBody, type SourceObject, sourceObjectsOf } from '@rowferry/messages';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { setMessageAside } from './admit-messages.ts';
import { recordFailedUpload } from './apply-upload-events.ts';
import { READING_FAILED } from './dead-task-handler.ts';
import { processRecords } from './process-records.ts';

type LostEventSettings = { database: Database; logger: Logger };

/** An upload that could not be read in any attempt has failed. */
export async function failLostUpload(settings: LostEventSettings, upload: SourceObject): Promise<void> {
  await recordFailedUpload(settings, upload, READING_FAILED);
}

/**
 * The handler of the queue that gets the S3 events that could not be handled in any attempt: Lambda's on-failure destination
 * of the producer, or the dead-letter queue of a queue that S3 notifies. Their uploads have failed. An event that is not
 * readable is kept for an operator.
 */
export function createLostEventHandler(settings: LostEventSettings & { queueName: string }) {
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    processRecords(event.Records, settings.logger, recordDeadLetter);

  async function recordDeadLetter(record: SQSRecord): Promise<void> {
    const uploads = readUploads(record.body);
    if (uploads instanceof Error) return setMessageAside(settings, record, uploads.message);
    try {
      for (const upload of uploads) await failLostUpload(settings, upload);
    } catch (error) {
      if (!isDataError(error)) throw error;
      await setMessageAside(settings, record, reasonOf(error));
    }
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations */
const destinationSchema = z.object({ requestPayload: z.looseObject({}) });
/** In a dead-letter queue an event is as S3 sent it. */
const lostEventSchema = z.union([destinationSchema.transform(({ requestPayload }) => requestPayload), z.unknown()]);

function readUploads(body: string): SourceObject[] | Error {
  try {
    return sourceObjectsOf(decodeBody(lostEventSchema, body));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
