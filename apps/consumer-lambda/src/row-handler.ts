import type { SQSClient } from '@aws-sdk/client-sqs';
import { delayRetries, type Failures, toBatchResponse } from '@rowferry/aws';
import { type Database, isDatabaseUnavailable, SearchIndexMaintenance } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Admission, admitMessages, setAside } from './admit-messages.ts';
import { applyUploadEvents } from './apply-upload-events.ts';
import type { ContentMessage } from './check-message.ts';
import { type Delivery, decodeRecords, isAbout, type RowsDelivery } from './delivery.ts';
import { clearReasons, logFailures, saveReasons } from './failures.ts';
import { importRows } from './import-rows.ts';
import { StartedUploadFinder, UploadNotStartedError } from './started-uploads.ts';

const SECOND = 1000;
/** Longest wait for an upload that another consumer is starting. Rows of one that is started later come again. */
const START_TIMEOUT_MS = SECOND;
/** The queue in `unreadable_messages`. */
const QUEUE_NAME = 'rows';

export type RowHandlerSettings = {
  database: Database;
  sqs: SQSClient;
  rowQueueUrl: string;
  logger: Logger;
  /**
   * Longest first wait of messages that failed because the database is unavailable, in seconds; then it doubles. Unset,
   * they wait as after any failure, which is right where the poller pauses meanwhile.
   */
  unavailableBaseSeconds?: number;
  /** Longest wait for the start of an upload whose rows came first, in milliseconds. */
  startTimeoutMs?: number;
};

/**
 * The handler of the row queue: records what a batch of messages says about uploads, imports its rows and answers which messages failed
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting).
 * Only rows of uploads that were started are written, and only those that the survey of the file allows: others are kept in
 * `unreadable_messages`, or come again until their upload is started.
 *
 * It never throws because of a message: what failed is hidden for a while by exponential backoff and then retried.
 */
export function createRowHandler(settings: RowHandlerSettings) {
  const { database, sqs, rowQueueUrl, logger, unavailableBaseSeconds, startTimeoutMs = START_TIMEOUT_MS } = settings;
  const finder = new StartedUploadFinder(database, startTimeoutMs);
  const searchIndex = new SearchIndexMaintenance(database);
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { deliveries, unreadable } = await decodeRecords(event.Records);
    const { starts, contents } = partitionByType(deliveries);
    const failures: Failures = new Map<string, unknown>([
      ...unreadable.map(({ messageId, error }) => [messageId, error] as const),
      ...(await applyUploadEvents({ database, logger }, starts)),
      ...(await handleContents(contents)),
    ]);
    await maintainSearchIndex(contents.filter(isAbout('rows')));
    logFailures(logger, failures);
    await saveReasons(database, logger, deliveries, failures);
    await clearReasons(database, logger, deliveries, failures);
    await delayFailed(
      [...deliveries, ...unreadable].filter(({ messageId }) => failures.has(messageId)),
      failures,
    );
    return toBatchResponse(failures);
  };

  /** Rows whose upload is not started yet hold up no others: those are written first. */
  async function handleContents(contents: readonly Delivery<ContentMessage>[]): Promise<Failures> {
    try {
      const { pending, ...admission } = await admitMessages(finder, contents);
      const finished = [...admission.admitted, ...pending].filter(isAbout('segment.finished'));
      const failures = [
        ...(await applyUploadEvents({ database, logger }, finished)),
        ...(await handleAdmission({ ...admission, pending: [] })),
      ];
      const early = pending.filter(isAbout('rows'));
      if (early.length === 0) return new Map(failures);
      return new Map([...failures, ...(await handleAdmission(await admitMessages(finder, early, { wait: true })))]);
    } catch (error) {
      return new Map(contents.map(({ messageId }) => [messageId, error]));
    }
  }

  async function handleAdmission({
    admitted,
    foreign,
    pending,
  }: Admission<Delivery<ContentMessage>>): Promise<Failures> {
    const notStarted = new UploadNotStartedError();
    return new Map([
      ...(await setAside({ database, queueName: QUEUE_NAME, logger }, foreign)),
      ...(await importRows(database, admitted.filter(isAbout('rows')))),
      ...pending.map(({ messageId }) => [messageId, notStarted] as const),
    ]);
  }

  /** The rows are written without it: another batch, or the API, does later what could not be done now. */
  async function maintainSearchIndex(written: readonly RowsDelivery[]): Promise<void> {
    const count = written.reduce((sum, { message }) => sum + message.rows.length, 0);
    await searchIndex.wrote(count).catch((error: unknown) => {
      logger.warn({ err: error }, 'search index maintenance failed; a later batch does it');
    });
  }

  /** Without the backoff, the messages still come again after the queue's own visibility time-out. */
  async function delayFailed(failed: readonly Omit<Delivery, 'message'>[], failures: Failures): Promise<void> {
    const { unavailable = [], other = [] } = Object.groupBy(failed, ({ messageId }) =>
      isDatabaseUnavailable(failures.get(messageId)) ? 'unavailable' : 'other',
    );
    try {
      await delayRetries(sqs, rowQueueUrl, unavailable, unavailableBaseSeconds);
      await delayRetries(sqs, rowQueueUrl, other);
    } catch (error) {
      logger.warn({ messages: failed.length, err: error }, 'setting the backoff of failed messages failed');
    }
  }
}

/** What says that an upload began, or failed, goes before what is in it. */
function partitionByType(deliveries: readonly Delivery[]) {
  return {
    starts: deliveries.filter(isAbout('upload.started', 'upload.failed')),
    contents: deliveries.filter(isAbout('rows', 'segment.finished')),
  };
}
