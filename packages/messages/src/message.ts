import { columnSourcesSchema, failureSchema } from '@rowferry/roster';
import { z } from 'zod';
import { decodeBody } from './decode.ts';
import { wireRowsSchema } from './wire-row.ts';

/** The version of the message contract. A consumer that meets another leaves the message to the dead-letter queue. */
export const MESSAGE_VERSION = 1;

const version = z.literal(MESSAGE_VERSION);
const uploadId = z.uuid();
const count = z.int().nonnegative();

/** What reading a file's head told about it. */
export const detectedSchema = z.object({
  delimiter: z.string(),
  encoding: z.string(),
  bom: z.boolean(),
  header: z.boolean(),
});

/** The file that an upload is, as the producer knows it. */
export const sourceObjectSchema = z.object({
  id: uploadId,
  bucket: z.string(),
  key: z.string(),
  /** Without its quotes. */
  etag: z.string(),
  /** Null in a bucket without versions. */
  versionId: z.string().nullable(),
  fileName: z.string(),
  sizeBytes: count,
  receivedAt: z.iso.datetime(),
  /** Of the request to the API that brought the file, for finding it in the logs. */
  requestId: z.string().optional(),
});

const uploadStartedSchema = z.object({
  v: version,
  type: z.literal('upload.started'),
  upload: sourceObjectSchema,
  segments: count,
  detected: detectedSchema,
  columns: columnSourcesSchema,
  ignoredColumns: z.array(z.string()),
  /** Records that could not be told apart: an unclosed quote, a field or record over the bounds. */
  brokenRecords: count,
  /** Of the file, in hex; absent in messages of producers that did not tell. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

const rowsSchema = z.object({
  v: version,
  type: z.literal('rows'),
  uploadId,
  segment: count,
  rows: wireRowsSchema,
});

const segmentFinishedSchema = z.object({
  v: version,
  type: z.literal('segment.finished'),
  uploadId,
  segment: count,
  /** Rows sent from this segment: the sum over an upload's segments is its total. */
  rows: count,
});

const uploadFailedSchema = z.object({
  v: version,
  type: z.literal('upload.failed'),
  upload: sourceObjectSchema,
  failure: failureSchema,
});

export const messageSchema = z.discriminatedUnion('type', [
  uploadStartedSchema,
  rowsSchema,
  segmentFinishedSchema,
  uploadFailedSchema,
]);

export type Message = z.infer<typeof messageSchema>;
export type MessageOf<T extends Message['type']> = Extract<Message, { type: T }>;
export type SourceObject = z.infer<typeof sourceObjectSchema>;
export type Detected = z.infer<typeof detectedSchema>;

/** @throws UnreadableMessageError when the body is not JSON, not ours or of another version. */
export function decodeMessage(body: string): Message {
  return decodeBody(messageSchema, body);
}
