import { MAX_RECEIVE_COUNT } from '@rowferry/aws';
import {
  clearFailureReasons,
  type Database,
  isDataError,
  reasonOf,
  recordDeadRows,
  saveFailureReasons,
  writeRows,
} from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Admitted, admitMessages, setMessageAside } from './admit-messages.ts';
import { applyUploadEvent } from './apply-upload-events.ts';
import type { ContentMessage } from './check-message.ts';
import { type Delivery, decodeRecords, isAbout, type RowsDelivery, type UnreadableDelivery } from './delivery.ts';
import { partitionRows } from './partition-rows.ts';
import { processRecords } from './process-records.ts';
import { StartedUploadFinder, UploadNotStartedError } from './started-uploads.ts';

/**
 * How often a message may be found to be of an upload that is not started. In the dead-letter queue it comes again after 30
 * seconds: 40 times is twenty minutes, and by then a start whose own attempts were delayed by an outage has come. Counted in
 * Postgres, since SQS counts on while Postgres is unavailable.
 */
const NOT_STARTED_MAX = 40;

export type DeadLetterSettings = { database: Database; queueName: string; logger: Logger };

/**
 * The handler of the row queue's dead-letter queue. Good rows are recorded as `dead`; bad ones are `rejected`, as they
 * would have been; what a message says of its upload is recorded after all. A message that is unreadable, that its upload
 * cannot have sent or that Postgres refuses for good is kept for an operator. Only then is a message deleted: while Postgres
 * is unavailable, all stay in the queue, and so do rows whose upload may be started yet.
 */
export function createDeadLetterHandler(settings: DeadLetterSettings) {
  const { database, logger } = settings;
  const finder = new StartedUploadFinder(database);
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { deliveries, unreadable } = await decodeRecords(event.Records);
    const rows = deliveries.filter(isAbout('rows'));
    const events = deliveries.filter((delivery) => !isAbout('rows')(delivery));
    return processRecords([...events, ...rows, ...unreadable], logger, (delivery) =>
      'message' in delivery ? recordDeadLetter(delivery) : saveUnreadable(delivery),
    );
  };

  async function recordDeadLetter(delivery: Delivery): Promise<void> {
    try {
      if (isAbout('upload.started', 'upload.failed')(delivery))
        await applyUploadEvent({ database, logger }, delivery.message);
      else if (isAbout('rows', 'segment.finished')(delivery)) await recordContents(delivery);
    } catch (error) {
      if (!isDataError(error)) throw error;
      await setMessageAside(settings, delivery, `Postgres refuses the message: ${reasonOf(error)}`);
    }
  }

  async function recordContents(delivery: Delivery<ContentMessage>): Promise<void> {
    const { admitted, foreign, pending } = await admitMessages(finder, [delivery]);
    for (const { reason } of foreign) await setMessageAside(settings, delivery, reason);
    for (const each of [...admitted, ...pending])
      if (isAbout('segment.finished')(each)) await applyUploadEvent({ database, logger }, each.message);
    for (const each of admitted) if (isAbout('rows')(each)) await recordRows(each);
    for (const each of pending) if (isAbout('rows')(each)) await waitForStart(each);
  }

  async function recordRows(delivery: Admitted<RowsDelivery>): Promise<void> {
    const { valid, rejected } = await partitionRows([delivery]);
    if (rejected.length > 0) await writeRows(database, [], rejected);
    if (valid.length === 0) return;
    await recordDeadRows(
      database,
      valid.map(({ employee, receivedAtMicros: _, ...address }) => ({
        ...address,
        // SQS goes on counting in the dead-letter queue, where no attempt was made to write the row.
        attempts: Math.min(address.attempts, MAX_RECEIVE_COUNT),
        raw: employee,
      })),
    );
    logger.warn(
      { uploadId: delivery.message.uploadId, rows: valid.length, metrics: { DeadRows: valid.length } },
      'rows dead-lettered; redrive them when the cause is fixed',
    );
  }

  /** Nobody writes employees of an upload that never was. @throws UploadNotStartedError while it may be started yet. */
  async function waitForStart(delivery: RowsDelivery): Promise<void> {
    const { messageId } = delivery;
    const error = new UploadNotStartedError();
    const attempts = await saveFailureReasons(database, [{ messageId, reason: error.message }]);
    if ((attempts.get(messageId) ?? 0) < NOT_STARTED_MAX) throw error;
    await setMessageAside(settings, delivery, `upload ${delivery.message.uploadId} was never started`);
    await clearFailureReasons(database, [messageId]);
  }

  function saveUnreadable(delivery: UnreadableDelivery): Promise<void> {
    return setMessageAside(settings, delivery, delivery.error.message);
  }
}
