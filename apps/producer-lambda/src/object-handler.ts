import { createHash, type Hash, hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  BatchSender,
  beforeReading,
  type FileMetadata,
  ObjectGoneError,
  objectAddressOf,
  openObject,
  readObject,
  settleSettings,
} from '@rowferry/aws';
import { SEGMENT_BYTES } from '@rowferry/csv';
import { factsOf, type Survey, segmentsOf, survey, UnreadableFileError } from '@rowferry/employee-file';
import {
  asOwnUpload,
  encodeBody,
  hasIdOfKey,
  MESSAGE_VERSION,
  type Message,
  type SegmentTask,
  type SourceObject,
  sourceObjectsOf,
  UnreadableSettingsError,
} from '@rowferry/messages';
import type { UploadFailure } from '@rowferry/roster';
import type { Logger } from '@rowferry/runtime';
import { OBJECT_GONE } from './object-gone.ts';
import { rowsPerMessage } from './rows-per-message.ts';
import { sendSegment } from './send-segment.ts';

export type ProducerSettings = {
  s3: S3Client;
  sqs: SQSClient;
  rowQueueUrl: string;
  segmentQueueUrl: string;
  /** Rows in one message; undefined: by the size of the file. */
  rowsPerMessage: number | undefined;
  /** Larger files are not read, however they came into the bucket. */
  maxUploadBytes: number;
  logger: Logger;
};

/**
 * The handler of S3 events: reads each new object once, then sends its rows, or, of a large one, its segments, so that
 * many workers can read them. Called again for an object, it sends the same messages, and no row is written twice.
 *
 * @throws when S3 or SQS fail; the event must come again then.
 */
export function createObjectHandler(settings: ProducerSettings) {
  return async (event: unknown): Promise<void> => {
    for (const upload of sourceObjectsOf(event)) await publishUpload(settings, upload);
  };
}

/** Reads one object and sends what it holds. @returns the upload that it turned out to be. */
export async function publishUpload(settings: ProducerSettings, announced: SourceObject): Promise<SourceObject> {
  let upload = announced;
  try {
    refuseTooLarge(announced, settings.maxUploadBytes);
    const address = objectAddressOf(announced);
    if (announced.sizeBytes <= SEGMENT_BYTES) {
      const object = await readObject(settings.s3, address);
      upload = uploadOf(announced, object);
      await publishInline(settings, upload, object);
    } else {
      const object = await openObject(settings.s3, address);
      upload = uploadOf(announced, object);
      await publishSegments(settings, upload, object);
    }
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    await sendAll(settings, settings.rowQueueUrl, [{ v: MESSAGE_VERSION, type: 'upload.failed', upload, failure }]);
    settings.logger.debug({ uploadId: upload.id, code: failure.code }, 'file not readable');
  }
  return upload;
}

/** The API writes the id in a key into the object too: one without it was written over that of the API by somebody else. */
function uploadOf(announced: SourceObject, { requestId, uploadId }: Omit<FileMetadata, 'settingsId'>): SourceObject {
  const isOther = hasIdOfKey(announced) && uploadId !== announced.id;
  return { ...(isOther ? asOwnUpload(announced) : announced), requestId };
}

/** @throws UnreadableFileError when the file is larger than this server takes: what goes through the API is refused there. */
function refuseTooLarge({ sizeBytes }: SourceObject, maxUploadBytes: number): void {
  if (sizeBytes <= maxUploadBytes) return;
  const detail = `The file has ${sizeBytes} bytes; this server takes ${maxUploadBytes} bytes at most.`;
  throw new UnreadableFileError({ code: 'file_too_large', detail });
}

/** One segment: it is in memory anyway. */
async function publishInline(
  settings: ProducerSettings,
  upload: SourceObject,
  { bytes, settingsId }: Pick<FileMetadata, 'settingsId'> & { bytes: Buffer },
): Promise<void> {
  const surveyed = await survey([bytes], await settleSettings(settings.s3, { ...upload, settingsId }));
  await sendAll(settings, settings.rowQueueUrl, [startedMessage(upload, surveyed, hash('sha256', bytes))]);
  const sender = new BatchSender(settings.sqs, settings.rowQueueUrl);
  for (const task of segmentTasks(settings, upload, surveyed))
    await sendSegment(sender, task, bytes.subarray(task.start, task.end));
  settings.logger.info(
    { uploadId: upload.id, requestId: upload.requestId, rows: countRows(surveyed) },
    'upload published',
  );
}

async function publishSegments(
  settings: ProducerSettings,
  upload: SourceObject,
  { body, settingsId }: Pick<FileMetadata, 'settingsId'> & { body: Readable },
): Promise<void> {
  const readSettings = await beforeReading(body, settleSettings(settings.s3, { ...upload, settingsId }));
  const digest = createHash('sha256');
  const surveyed = await survey(passingThrough(body, digest), readSettings);
  await sendAll(settings, settings.rowQueueUrl, [startedMessage(upload, surveyed, digest.digest('hex'))]);
  const tasks = segmentTasks(settings, upload, surveyed);
  await sendAll(settings, settings.segmentQueueUrl, tasks);
  settings.logger.info(
    { uploadId: upload.id, requestId: upload.requestId, rows: countRows(surveyed), segments: tasks.length },
    'upload split into segments',
  );
}

/** The API has seen the bytes only of files that passed through it; whoever reads all of them can tell which came before. */
async function* passingThrough(body: AsyncIterable<Uint8Array>, digest: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    digest.update(chunk);
    yield chunk;
  }
}

async function sendAll(
  { sqs }: ProducerSettings,
  queueUrl: string,
  bodies: readonly (Message | SegmentTask)[],
): Promise<void> {
  const sender = new BatchSender(sqs, queueUrl);
  for (const body of bodies) await sender.send(encodeBody(body));
  await sender.flush();
}

function startedMessage(upload: SourceObject, surveyed: Survey, sha256: string): Message {
  const { segments, lines } = surveyed.split;
  return {
    v: MESSAGE_VERSION,
    type: 'upload.started',
    upload,
    segments: segments.length,
    total: countRows(surveyed),
    lastLine: lines,
    sha256,
    ...factsOf(surveyed),
  };
}

function countRows({ split, header }: Survey): number {
  return split.records - (header.map.hasHeader ? 1 : 0);
}

function segmentTasks(settings: ProducerSettings, upload: SourceObject, surveyed: Survey): SegmentTask[] {
  const perMessage = settings.rowsPerMessage ?? rowsPerMessage(countRows(surveyed));
  return segmentsOf(surveyed).map((segment) => ({
    v: MESSAGE_VERSION,
    type: 'segment',
    upload,
    ...segment,
    rowsPerMessage: perMessage,
  }));
}

/** Why the file cannot be read, when that is the file's fault; undefined when it is the system's. */
function failureOf(error: unknown): UploadFailure | undefined {
  if (error instanceof UnreadableFileError) return error.failure;
  if (error instanceof ObjectGoneError) return OBJECT_GONE;
  if (error instanceof UnreadableSettingsError) return invalidSettings(error);
  return undefined;
}

function invalidSettings({ message }: UnreadableSettingsError): UploadFailure {
  const detail = `The import settings that the file is to be read by cannot be read: ${message}. Send the file again.`;
  return { code: 'invalid_settings', detail };
}
