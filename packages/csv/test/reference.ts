import type { Bounds, Delimiter, Quoting } from '../src/dialect.ts';

export type ReferenceRecord = { line: number; fields: string[] } | { line: number; code: string };

/**
 * The rules of `RecordScanner` once more, as plainly as they can be said and as slow as that is: one field after the other,
 * no windows, no memory of earlier records, no csv-parse. `text`: one character a unit; `decode` makes text of its pieces.
 * `quoting`: but typographic quotes, of which no field goes over a line end.
 */
export function referenceRecords(
  text: string,
  delimiter: Delimiter,
  bounds: Bounds,
  decode: (units: string) => string,
  quoting: Exclude<Quoting, 'typographic'> = 'double',
): ReferenceRecord[] {
  const records: ReferenceRecord[] = [];
  let line = 1;
  for (let start = 0; start < text.length; ) {
    const record = readRecord(text, start, delimiter, bounds, quoting);
    const end = record.broken ? endOfLine(text, start) : record.end;
    if (record.broken) records.push({ line, code: codeOf(text.slice(start, end), delimiter, bounds, quoting) });
    else if (!isBlank(record.fields, text.slice(start, end), delimiter, quoting)) {
      const fields = record.fields.map(({ text, quoted }) => (quoted ? decode(text) : decode(text).trim()));
      records.push({ line, fields: quoting === 'whole-line' ? unwrapped(record.fields, fields, delimiter) : fields });
    }
    line += text.slice(start, end).match(/\r\n|\r|\n/g)?.length ?? 0;
    const ending = /^(?:\r\n|\r|\n)/.exec(text.slice(end, end + 2))?.[0] ?? '';
    line += ending === '' ? 0 : 1;
    start = end + ending.length;
  }
  return records;
}

/** Of a line in one pair of quotes, quotes and delimiters that stand alone are none of its fields' text. */
function isBlank(fields: Field[], text: string, delimiter: Delimiter, quoting: Quoting): boolean {
  if (quoting !== 'whole-line') return fields.every((field) => field.blank);
  return [...text].every((unit) => unit === '"' || unit === delimiter || isSpace(unit, delimiter));
}

function unwrapped(outer: Field[], texts: string[], delimiter: Delimiter): string[] {
  const [line = '', ...others] = texts;
  if (!outer[0]?.quoted || others.some((text) => text !== '')) return texts;
  const endless = { maxField: Infinity, maxRecord: Infinity };
  // Line ends are characters in it: the line is one.
  const inner = readRecord(line.replace(/[\r\n]/g, hidden), 0, delimiter, endless, 'double');
  if (inner.broken) return [line];
  return inner.fields.map(({ text, quoted }) => (quoted ? shown(text) : shown(text).trim()));
}

const hidden = (lineEnd: string) => (lineEnd === '\r' ? '\uf000' : '\uf001');
const shown = (text: string) => text.replaceAll('\uf000', '\r').replaceAll('\uf001', '\n');

interface Field {
  text: string;
  quoted: boolean;
  blank: boolean;
  end: number;
}

type Reading = { broken: false; fields: Field[]; end: number } | { broken: true; tooLong: boolean };

function readRecord(text: string, start: number, delimiter: string, bounds: Bounds, quoting: Quoting): Reading {
  const mark = quoting === 'single' ? "'" : '"';
  const fields: Field[] = [];
  for (let at = start; ; ) {
    const quote = skipSpaces(text, at, delimiter);
    const field =
      text[quote] === mark ? readQuoted(text, quote, delimiter, quoting) : readUnquoted(text, at, delimiter);
    const from = text[quote] === mark ? quote : at;
    if (field === undefined) return { broken: true, tooLong: text.length - from > bounds.maxField };
    if (field.end - from > bounds.maxField) return { broken: true, tooLong: true };
    fields.push(field);
    if (text[field.end] === delimiter) at = field.end + 1;
    else if (field.end - start > bounds.maxRecord) return { broken: true, tooLong: true };
    else return { broken: false, fields, end: field.end };
  }
}

function readQuoted(text: string, open: number, delimiter: string, quoting: Quoting): Field | undefined {
  const mark = text.charAt(open);
  for (let from = open + 1; ; ) {
    const quote = text.indexOf(mark, from);
    if (quote < 0) return undefined;
    const backslashes = /\\*$/.exec(text.slice(open + 1, quote))?.[0].length ?? 0;
    if (quoting === 'backslash' && backslashes % 2 === 1) {
      from = quote + 1;
      continue;
    }
    if (text[quote + 1] === mark) {
      from = quote + 2;
      continue;
    }
    const end = skipSpaces(text, quote + 1, delimiter);
    if (end === text.length || [delimiter, '\r', '\n'].includes(text.charAt(end))) {
      const content = unescaped(text.slice(open + 1, quote), mark, quoting);
      return { text: content, quoted: true, blank: content === '', end };
    }
    from = end;
  }
}

function unescaped(text: string, mark: string, quoting: Quoting): string {
  let result = '';
  for (let at = 0; at < text.length; at++) {
    const pair = text.slice(at, at + 2);
    const isEscaped = quoting === 'backslash' && /^\\(?![A-Za-z0-9])[\0-\x7f]/.test(pair);
    if (pair === mark + mark || isEscaped) at++;
    result += text.charAt(at);
  }
  return result;
}

function readUnquoted(text: string, at: number, delimiter: string): Field {
  let end = at;
  while (end < text.length && ![delimiter, '\r', '\n'].includes(text.charAt(end))) end++;
  const content = text.slice(at, end);
  return { text: content, quoted: false, blank: /^[ \t]*$/.test(content), end };
}

function skipSpaces(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at), delimiter)) at++;
  return at;
}

function isSpace(unit: string, delimiter: string): boolean {
  return unit === ' ' || (unit === '\t' && delimiter !== '\t');
}

function endOfLine(text: string, start: number): number {
  const at = text.slice(start).search(/[\r\n]/);
  return at < 0 ? text.length : start + at;
}

function codeOf(line: string, delimiter: string, bounds: Bounds, quoting: Quoting): string {
  if (line.length > bounds.maxRecord) return 'record_too_long';
  const reading = readRecord(line, 0, delimiter, bounds, quoting);
  return reading.broken && reading.tooLong ? 'field_too_long' : 'unclosed_quote';
}
