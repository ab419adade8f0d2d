import { excerpt } from './decode.ts';
import type { Bounds } from './dialect.ts';
import { causeOfOpenQuote } from './likely-cause.ts';
import type { Source } from './run.ts';
import { RecordScanner } from './scanner.ts';
import { findLineEnd, type Units, unitBytes } from './units.ts';

export type BrokenCode = 'unclosed_quote' | 'field_too_long' | 'record_too_long' | 'unreadable_character';

export interface BrokenRecord {
  line: number;
  /** The beginning of its first physical line, at most RAW_BYTES of it. */
  raw: string;
  error: { code: BrokenCode; message: string };
}

const RAW_BYTES = 1024;

/** Why the record that `found` stands on, which is broken or cut off, has no fields. */
export function describeBroken(
  units: Units,
  found: { start: number; end: number; line: number; isCut: boolean },
  source: Source,
  bounds: Bounds,
): BrokenRecord {
  const { start, line } = found;
  const stop = findLineEnd(units, start, found.end);
  const width = unitBytes(source.encoding);
  const code = found.isCut ? 'unreadable_character' : codeOf(units.subarray(start, stop), source, bounds);
  const raw = excerpt(source.bytes.subarray(start * width, stop * width), source.encoding, RAW_BYTES);
  const cause = code === 'unclosed_quote' ? causeOfOpenQuote(raw, source) : undefined;
  const message = messageOf(code, bounds);
  return { line, raw, error: { code, message: cause === undefined ? message : `${message}: ${cause}` } };
}

/**
 * The code follows from the record's own line alone. How the text after it went on must not matter: a segment ends after
 * this line, or any number of lines later, and whoever reads it must say the same.
 */
function codeOf(line: Units, { delimiter, quoting }: Source, bounds: Bounds): BrokenCode {
  if (line.length > bounds.maxRecord) return 'record_too_long';
  if (line.length <= bounds.maxField) return 'unclosed_quote';
  const scanner = new RecordScanner(delimiter, 1, bounds, quoting);
  scanner.load(line, true);
  return scanner.next() === 'broken' && scanner.overBound ? 'field_too_long' : 'unclosed_quote';
}

function messageOf(code: BrokenCode, { maxField, maxRecord }: Bounds): string {
  switch (code) {
    case 'unclosed_quote':
      return `A quote that opens a field on this line is not closed within ${size(maxField)}, or the record it is in not within ${size(maxRecord)}`;
    case 'field_too_long':
      return `A field on this line is longer than ${size(maxField)}`;
    case 'record_too_long':
      return `This line is longer than ${size(maxRecord)}`;
    case 'unreadable_character':
      return 'The file ends within a character of this record: it was cut off here';
  }
}

function size(units: number): string {
  return units % 1024 === 0 ? `${units / 1024} KiB` : `${units} bytes`;
}
