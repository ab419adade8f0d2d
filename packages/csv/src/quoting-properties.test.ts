import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounds, cuts, delimiter, fleeting, LONG_LINE_BYTES, textIn } from '../test/arbitraries.ts';
import { check, parseAll, scanInWindows } from '../test/property.ts';
import { type ReferenceRecord, referenceRecords } from '../test/reference.ts';
import { BOUNDS, type Delimiter, type Quoting } from './dialect.ts';
import { type CsvRecord, detectFormat, RecordCursor, splitObject } from './index.ts';

const QUOTED = ['backslash', 'single', 'whole-line'] as const;
const ALL = [...QUOTED, 'typographic'] as const;

function outline(records: CsvRecord[]): ReferenceRecord[] {
  return records.map((record) => ('fields' in record ? record : { line: record.line, code: record.error.code }));
}

describe.each(QUOTED)('a file quoted as %s', (quoting) => {
  it('has the records, fields and lines that the rules read plainly give, in UTF-8', () => {
    check(
      fc.property(textIn[quoting], delimiter, bounds, (text, delimiter, bounds) => {
        const bytes = Buffer.from(text);
        const decode = (units: string) => Buffer.from(units, 'latin1').toString('utf8');
        const expected = referenceRecords(bytes.toString('latin1'), delimiter, bounds, decode, quoting);
        expect(outline(parseAll(bytes, delimiter, 'utf-8', bounds, 1, quoting))).toEqual(expected);
      }),
    );
  });

  it('has them in UTF-16', () => {
    check(
      fc.property(textIn[quoting], delimiter, bounds, (text, delimiter, bounds) => {
        const expected = referenceRecords(text, delimiter, bounds, (units) => units, quoting);
        const parsed = parseAll(Buffer.from(text, 'utf16le'), delimiter, 'utf-16le', bounds, 1, quoting);
        expect(outline(parsed)).toEqual(expected);
      }),
    );
  });
});

describe.each(ALL)('a file quoted as %s', (quoting) => {
  const encodings = fc.constantFrom('utf-8', 'utf-16le');
  const bytesOf = (text: string, encoding: 'utf-8' | 'utf-16le') =>
    new Uint8Array(Buffer.from(text, encoding === 'utf-8' ? 'utf8' : 'utf16le'));

  it('has the same records whatever the windows, and every byte in one', () => {
    const window = fc.integer({ min: 1, max: 100 });
    check(
      fc.property(textIn[quoting], delimiter, bounds, window, (text, delimiter, bounds, window) => {
        const bytes = bytesOf(text, 'utf-8');
        const found = scanInWindows(bytes, delimiter, bounds, window, quoting);
        expect(found).toEqual(scanInWindows(bytes, delimiter, bounds, bytes.byteLength, quoting));
        expect(found.map(({ start }) => start)).toEqual([0, ...found.map(({ end }) => end)].slice(0, found.length));
        expect(found.at(-1)?.end ?? 0).toBe(bytes.byteLength);
      }),
    );
  });

  it('has in segments the records and lines that it has in one piece', async () => {
    const sizes = fc.record({
      segmentBytes: fc.integer({ min: 1, max: 150 }),
      blockBytes: fc.integer({ min: 2, max: 120 }),
      lineBytes: fc.constant(LONG_LINE_BYTES),
      bounds,
    });
    await check(
      fc.asyncProperty(
        textIn[quoting],
        delimiter,
        encodings,
        sizes,
        cuts,
        async (text, delimiter, encoding, sizes, cuts) => {
          const bytes = bytesOf(text, encoding);
          const format = { encoding, bom: true, delimiter, quoting, dataOffset: 0, firstLine: 1 } as const;
          const { segments, broken } = await splitObject(fleeting(bytes, cuts), format, sizes);
          const records = segments.map(({ start, end, firstLine }) =>
            parseAll(bytes.subarray(start, end), delimiter, encoding, sizes.bounds, firstLine, quoting),
          );
          expect(records.flat()).toEqual(parseAll(bytes, delimiter, encoding, sizes.bounds, 1, quoting));
          expect(records.map(({ length }) => length)).toEqual(segments.map(({ records }) => records));
          expect(broken).toBe(records.flat().filter((record) => 'error' in record).length);
        },
      ),
    );
  });

  it('gives single records as it gives all', async () => {
    await check(
      fc.asyncProperty(textIn[quoting], delimiter, bounds, async (text, delimiter, bounds) => {
        const bytes = bytesOf(text, 'utf-8');
        const options = { delimiter, encoding: 'utf-8', quoting, firstLine: 1, bounds } as const;
        const cursor = new RecordCursor(bytes, options);
        for (const record of parseAll(bytes, delimiter, 'utf-8', bounds, 1, quoting))
          expect(await cursor.seek(record.line)).toEqual(record);
      }),
    );
  });
});

const HEADER = ['name', 'company', 'phone', 'email'];

/** What may be mistaken for another quoting: backslashes, apostrophes and quotes at the edges of values, and inside. */
const hostileCell = fc.oneof(
  fc.constantFrom(
    'Ann', '', 'C:\\', 'C:\\\\', 'a\\"b', '\\', '\\"', "'t Hooft, O", "O'Neil", "'quoted'", '“Oak” Ltd', '“Oak”', '«Дуб»', '„Eiche“',
    'The "Oak", Ltd', '"', '""', 'Ann, Lee', 'a;b', 'a\tb', '5" pipe', "rock 'n'", '-', 'a\nb', 'C:\\,', '\\,', "','", '”,“',
  ), // biome-ignore format: a table
  fc.string({ unit: fc.constantFrom('"', "'", '\\', ',', ';', ' ', 'a', '“', '”'), maxLength: 6 }),
);
const email = fc.constantFrom('ann@a.example', 'bob@b.example');
const roster = fc.array(fc.tuple(hostileCell, hostileCell, hostileCell, email), { minLength: 1, maxLength: 30 });
const lineEnd = fc.constantFrom('\n', '\r\n');
const isHeader = (cells: readonly string[]) =>
  HEADER.every((name) => cells.some((cell) => cell.replace(/\W/g, '') === name));

/** What is known of the file from its beginning, and its fields. */
function read(text: string) {
  const bytes = Buffer.from(text);
  const format = detectFormat(bytes, isHeader);
  if (!format.ok) throw new Error(`not CSV but ${format.kind}`);
  const { delimiter, quoting } = format;
  const records = parseAll(bytes, delimiter, 'utf-8', BOUNDS, 1, quoting);
  return { delimiter, quoting, fields: records.map((record) => ('fields' in record ? record.fields : record)) };
}

describe('a roster as RFC 4180 says', () => {
  it('is never taken for one that is quoted otherwise', () => {
    const quoteAll = fc.constantFrom('all', 'text', 'needed');
    check(
      fc.property(roster, delimiter, lineEnd, quoteAll, (rows, delimiter, lineEnd, quoted) => {
        const write = (cell: string, isText = true) => {
          const needed = /["\r\n]/.test(cell) || cell.includes(delimiter) || cell.trim() !== cell;
          return needed || quoted === 'all' || (quoted === 'text' && isText) ? `"${cell.replaceAll('"', '""')}"` : cell;
        };
        const line = (cells: readonly string[]) => cells.map((cell, i) => write(cell, i < 3)).join(delimiter);
        const text = [HEADER, ...rows].map(line).join(lineEnd);
        expect(read(text)).toEqual({ delimiter, quoting: 'double', fields: [HEADER, ...rows] });
      }),
    );
  });
});

type Writer = { quoting: Quoting; line: (cells: readonly string[], delimiter: Delimiter) => string };

const rfc = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const WRITERS: (Writer & { takes?: RegExp; tells?: string })[] = [
  {
    quoting: 'backslash',
    tells: 'Joe "Red" Marsh',
    line: (cells, delimiter) => cells.map((cell) => `"${cell.replace(/["\\\n]/g, '\\$&')}"`).join(delimiter),
  },
  {
    quoting: 'single',
    line: (cells, delimiter) => cells.map((cell) => `'${cell.replaceAll("'", "''")}'`).join(delimiter),
  },
  {
    quoting: 'whole-line',
    line: (cells, delimiter) =>
      rfc(cells.map((cell) => (/[",;\t|\n]|^\s|\s$/.test(cell) ? rfc(cell) : cell)).join(delimiter)),
  },
  ...['“”', '„“', '«»', '‘’'].map(([open, close = '']) => ({
    quoting: 'typographic' as const,
    // There is no escape: a quote that is in the value must be of another kind.
    takes: /^[^\n“”„«»‘’]*$/,
    line: (cells: readonly string[], delimiter: Delimiter) => cells.map((cell) => open + cell + close).join(delimiter),
  })),
];

describe.each(WRITERS)('a roster quoted as $quoting', ({ quoting, line, takes = /^/, tells }) => {
  it('is recognised, and read as it was written', () => {
    check(
      fc.property(roster, delimiter, lineEnd, (rows, delimiter, lineEnd) => {
        const people: string[][] = rows.map((cells) => cells.map((cell) => (takes.test(cell) ? cell : 'Ann')));
        if (tells !== undefined) people.push([tells, 'Oak', '', 'ann@a.example']);
        const text = [HEADER, ...people].map((cells) => line(cells, delimiter)).join(lineEnd);
        expect(read(text)).toEqual({ delimiter, quoting, fields: [HEADER, ...people] });
      }),
    );
  });
});
