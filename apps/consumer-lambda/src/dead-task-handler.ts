import { isDataError, reasonOf } from '@rowferry/database';
import { decodeReadTask, UnreadableMessageError } from '@rowferry/messages';
import type { UploadFailure } from '@rowferry/roster';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { setMessageAside } from './admit-messages.ts';
import { recordFailedUpload } from './apply-upload-events.ts';
import type { DeadLetterSettings } from './dead-letter-handler.ts';
import { processRecords } from './process-records.ts';

/** The failure of an upload whose reading failed in all attempts. */
export const READING_FAILED: UploadFailure = {
  code: 'internal',
  detail: 'The file could not be read, for no fault of its own. Redrive the upload when the cause is fixed.',
};

/** The handler of the segment queue's dead-letter queue: an upload of which a part was never read has failed. */
export function createDeadTaskHandler(settings: DeadLetterSettings) {
  const { database, logger } = settings;
  return (event: SQSEvent): Promise<SQSBatchResponse> => processRecords(event.Records, logger, recordDeadLetter);

  async function recordDeadLetter(record: SQSRecord): Promise<void> {
    try {
      const { upload } = decodeReadTask(record.body);
      await recordFailedUpload({ database, logger }, upload, READING_FAILED);
    } catch (error) {
      if (!(error instanceof UnreadableMessageError || isDataError(error))) throw error;
      await setMessageAside(settings, record, reasonOf(error));
    }
  }
}
