import { z } from 'zod';
import { decodeBody } from './decode.ts';
import { headerMapSchema } from './header.ts';
import { MESSAGE_VERSION, uploadSchema } from './message.ts';

/** What a worker needs to read one segment on its own: which bytes, and what the file's head and whole told about it. */
export const segmentTaskSchema = z.object({
  v: z.literal(MESSAGE_VERSION),
  type: z.literal('segment'),
  upload: uploadSchema,
  segment: z.int().nonnegative(),
  /** Bytes of the object, `end` excluded. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  /** Physical line on which `start` stands. */
  firstLine: z.int().positive(),
  delimiter: z.enum([',', ';', '\t', '|']),
  encoding: z.enum(['utf-8', 'windows-1252', 'utf-16le', 'utf-16be']),
  header: headerMapSchema,
  rowsPerMessage: z.int().positive(),
});

export type SegmentTask = z.infer<typeof segmentTaskSchema>;

/** @throws UnreadableMessageError when the body is not a segment task of this version. */
export function decodeSegmentTask(body: string): SegmentTask {
  return decodeBody(segmentTaskSchema, body);
}
