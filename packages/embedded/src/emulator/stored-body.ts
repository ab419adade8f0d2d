import type { SQLOutputValue } from 'node:sqlite';
import type { BodyFiles, BodyPlace } from './body-files.ts';

/** A message in the database. */
export type MessageRow = Record<string, SQLOutputValue>;

/** Of the columns `body`, `body_file`, `body_offset` and `body_length` of a row either the first or the others. */
type BodyColumns = [body: Uint8Array | null, file: number | null, offset: number | null, length: number | null];

/** Shorter ones are values of their row, which spares the fsync of another file: events, tasks, messages of one row. */
const IN_FILE_BYTES = 4096;

/** The text that stands between the quotes in JSON: UTF-8, with JSON's escapes. */
export function toJsonText(body: string): Uint8Array {
  return Buffer.from(JSON.stringify(body).slice(1, -1));
}

export function fromJsonText(bytes: Uint8Array): string {
  return JSON.parse(`"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()}"`);
}

/** Where the body of a message goes, as columns of its row, and its place when that is in a file. */
export function storeBody(files: BodyFiles, body: Uint8Array): { columns: BodyColumns; place: BodyPlace | undefined } {
  if (body.length < IN_FILE_BYTES) return { columns: [body, null, null, null], place: undefined };
  const place = files.append(body);
  return { columns: [null, place.file, place.offset, place.length], place };
}

/** The body's place in a file; undefined when the row itself has it. */
export function placeOf({
  body_file: file,
  body_offset: offset,
  body_length: length,
}: MessageRow): BodyPlace | undefined {
  return file === null ? undefined : { file: Number(file), offset: Number(offset), length: Number(length) };
}
