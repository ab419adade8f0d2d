import { COLUMNS, REQUIRED_COLUMNS, type Row } from '@rowferry/roster';
import { z } from 'zod';
import { count, largeCount, moment, storableText } from './bounds.ts';
import { decodeBody } from './decode.ts';
import { columnSourcesSchema, failureSchema, warningsSchema } from './schemas.ts';
import { MESSAGE_VERSION, readableVersion, version } from './version.ts';
import { readWireRows } from './wire-row.ts';

/** As Postgres writes it. */
const uploadId = z.uuid().toLowerCase();
/** S3's bound of a key, in bytes (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html); others are shorter. */
const name = storableText(1024);

/** What reading a file's head told about it. */
export const detectedSchema = z.object({
  delimiter: z.string(),
  /** Where the header has another delimiter than the rows. */
  headerDelimiter: z.string().optional(),
  /** Where fields are not quoted as RFC 4180 says. */
  quoting: z.string().optional(),
  encoding: z.string(),
  /** How sure that is, of 1; absent in messages of producers that did not guess. */
  encodingConfidence: z.number().min(0).max(1).optional(),
  bom: z.boolean(),
  header: z.boolean(),
  /** Where lines above the header were passed over: its line, and how many these were. */
  headerLine: largeCount.optional(),
  skippedLines: count.optional(),
});

/** The file that an upload is, as the producer knows it. */
export const sourceObjectSchema = z.object({
  id: uploadId,
  bucket: name,
  key: name,
  /** Without its quotes. */
  etag: name,
  /** Null in a bucket without versions. */
  versionId: name.nullable(),
  fileName: name,
  sizeBytes: largeCount,
  /** When S3 says that the object came. */
  receivedAt: moment,
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
  /** Rows of the file, the broken records among them; absent in messages of producers that did not tell, as in version 1. */
  total: largeCount.optional(),
  /** Physical lines of the file: no row stands on a later one. Absent as `total`. */
  lastLine: largeCount.optional(),
  /** Of the file, in hex; absent in messages of producers that did not tell. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** What was guessed of the file as a whole; absent: nothing, as in version 1. */
  warnings: warningsSchema.optional(),
});

const rowsSchema = z
  .object({
    v: readableVersion,
    type: z.literal('rows'),
    uploadId,
    segment: count,
    /** Of its rows; messages of version 1 do not say them. */
    columns: z
      .array(z.enum(COLUMNS))
      .refine((columns) => REQUIRED_COLUMNS.every((column) => columns.includes(column)), 'lack a required column')
      .optional(),
    rows: z.array(z.unknown()).nonempty(),
  })
  .transform(({ v, type, uploadId, segment, columns, rows }, context) => {
    if (v === MESSAGE_VERSION && columns === undefined)
      context.issues.push({ code: 'custom', input: columns, path: ['columns'], message: 'are not said' });
    const read: Row[] = readWireRows(rows, v === MESSAGE_VERSION ? columns : undefined, (index) =>
      context.issues.push({
        code: 'custom',
        input: rows[index],
        path: ['rows', index],
        message: 'is neither a row nor says why it is none',
      }),
    );
    return { v: MESSAGE_VERSION, type, uploadId, segment, rows: read };
  });

const segmentFinishedSchema = z.object({
  v: version,
  type: z.literal('segment.finished'),
  uploadId,
  segment: count,
  /** Rows sent from this segment: the sum over an upload's segments is its total. */
  rows: count,
  /** Of its values; absent: none, as in version 1. */
  warnings: warningsSchema.optional(),
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
