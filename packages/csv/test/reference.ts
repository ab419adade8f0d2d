import type { Bounds, Delimiter } from '../src/dialect.ts';

export type ReferenceRecord = { line: number; fields: string[] } | { line: number; code: string };

/**
 * The rules of `RecordScanner` once more, as plainly as they can be said and as slow as that is: one field after the other,
 * no windows, no memory of earlier records, no csv-parse. `text`: one character a unit; `decode` makes text of its pieces.
 */
export function referenceRecords(
  text: string,
  delimiter: Delimiter,
  bounds: Bounds,
  decode: (units: string) => string,
): ReferenceRecord[] {
  const records: ReferenceRecord[] = [];
  let line = 1;
  for (let start = 0; start < text.length; ) {
    const record = readRecord(text, start, delimiter, bounds);
    const end = record.broken ? endOfLine(text, start) : record.end;
    if (record.broken) records.push({ line, code: codeOf(text.slice(start, end), delimiter, bounds) });
    else if (!record.fields.every((field) => field.blank)) {
      const fields = record.fields.map(({ text, quoted }) => (quoted ? decode(text) : decode(text).trim()));
      records.push({ line, fields });
    }
    line += text.slice(start, end).match(/\r\n|\r|\n/g)?.length ?? 0;
    const ending = /^(?:\r\n|\r|\n)/.exec(text.slice(end, end + 2))?.[0] ?? '';
    line += ending === '' ? 0 : 1;
    start = end + ending.length;
  }
  return records;
}

interface Field {
  text: string;
  quoted: boolean;
  blank: boolean;
  end: number;
}

type Reading = { broken: false; fields: Field[]; end: number } | { broken: true; tooLong: boolean };

function readRecord(text: string, start: number, delimiter: string, bounds: Bounds): Reading {
  const fields: Field[] = [];
  for (let at = start; ; ) {
    const quote = skipSpaces(text, at, delimiter);
    const field = text[quote] === '"' ? readQuoted(text, quote, delimiter) : readUnquoted(text, at, delimiter);
    const from = text[quote] === '"' ? quote : at;
    if (field === undefined) return { broken: true, tooLong: text.length - from > bounds.maxField };
    if (field.end - from > bounds.maxField) return { broken: true, tooLong: true };
    fields.push(field);
    if (text[field.end] === delimiter) at = field.end + 1;
    else if (field.end - start > bounds.maxRecord) return { broken: true, tooLong: true };
    else return { broken: false, fields, end: field.end };
  }
}

function readQuoted(text: string, open: number, delimiter: string): Field | undefined {
  for (let from = open + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return undefined;
    if (text[quote + 1] === '"') {
      from = quote + 2;
      continue;
    }
    const end = skipSpaces(text, quote + 1, delimiter);
    if (end === text.length || [delimiter, '\r', '\n'].includes(text.charAt(end))) {
      const content = text.slice(open + 1, quote).replaceAll('""', '"');
      return { text: content, quoted: true, blank: content === '', end };
    }
    from = end;
  }
}

function readUnquoted(text: string, at: number, delimiter: string): Field {
  let end = at;
  while (end < text.length && ![delimiter, '\r', '\n'].includes(text.charAt(end))) end++;
  const content = text.slice(at, end);
  return { text: content, quoted: false, blank: /^[ \t]*$/.test(content), end };
}

function skipSpaces(text: string, from: number, delimiter: string): number {
  let at = from;
  while (text[at] === ' ' || (text[at] === '\t' && delimiter !== '\t')) at++;
  return at;
}

function endOfLine(text: string, start: number): number {
  const at = text.slice(start).search(/[\r\n]/);
  return at < 0 ? text.length : start + at;
}

function codeOf(line: string, delimiter: string, bounds: Bounds): string {
  if (line.length > bounds.maxRecord) return 'record_too_long';
  const reading = readRecord(line, 0, delimiter, bounds);
  return reading.broken && reading.tooLong ? 'field_too_long' : 'unclosed_quote';
}
