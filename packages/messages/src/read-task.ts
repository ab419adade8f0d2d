import { z } from 'zod';
import { decodeBody } from './decode.ts';
import { ENCODINGS } from './encodings.ts';
import { sourceObjectSchema } from './message.ts';
import { headerMapSchema } from './schemas.ts';
import { version } from './version.ts';

/** What a worker needs to read one segment on its own: which bytes, and what the file's head and whole told about it. */
const segmentTaskSchema = z.object({
  v: version,
  type: z.literal('segment'),
  upload: sourceObjectSchema,
  segment: z.int().nonnegative(),
  /** Bytes of the object, `end` excluded. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  /** Physical line on which `start` stands. */
  firstLine: z.int().positive(),
  delimiter: z.enum([',', ';', '\t', '|']),
  /** How the fields are quoted; without it as RFC 4180 says. */
  quoting: z.enum(['double', 'backslash', 'single', 'typographic', 'whole-line']).optional(),
  encoding: z.enum(ENCODINGS),
  header: headerMapSchema,
  rowsPerMessage: z.int().positive(),
});

export type SegmentTask = z.infer<typeof segmentTaskSchema>;

/** An object to be read from its beginning, as if S3 told of it again: how an upload is redriven. */
const objectTaskSchema = z.object({
  v: version,
  type: z.literal('object'),
  upload: sourceObjectSchema,
});

/** What travels in the segment queue. */
const readTaskSchema = z.discriminatedUnion('type', [segmentTaskSchema, objectTaskSchema]);

export type ReadTask = z.infer<typeof readTaskSchema>;

/** @throws UnreadableMessageError when the body is not a task of this version. */
export function decodeReadTask(body: string): ReadTask {
  return decodeBody(readTaskSchema, body);
}
