import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounds, csvText, cuts, delimiter, fleeting, hostileText } from '../test/arbitraries.ts';
import { type ReferenceRecord, referenceRecords } from '../test/reference.ts';
import { BOUNDS, type Bounds, type Delimiter, type Encoding, type HeadEncoding } from './dialect.ts';
import { type CsvRecord, parseSegment, splitObject } from './index.ts';
import { RecordScanner, type Step } from './scanner.ts';
import { Utf8Check } from './utf8.ts';

const anyText = fc.oneof(csvText, hostileText);
const RUNS = 1500;

function check<T extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<T> | fc.IAsyncPropertyWithHooks<T>) {
  return fc.assert(property, { numRuns: RUNS });
}

function parseAll(
  bytes: Uint8Array,
  delimiter: Delimiter,
  encoding: Encoding,
  bounds: Bounds,
  firstLine = 1,
): CsvRecord[] {
  return [...parseSegment(bytes, { delimiter, encoding, firstLine, bounds })].flat();
}

/** Records in the form of the reference. */
function outline(records: CsvRecord[]): ReferenceRecord[] {
  return records.map((record) => ('fields' in record ? record : { line: record.line, code: record.error.code }));
}

async function parseInSegments(
  bytes: Uint8Array,
  format: { encoding: HeadEncoding; bom: boolean; delimiter: Delimiter; dataOffset: number; firstLine: 1 },
  options: { segmentBytes: number; blockBytes: number; bounds: Bounds; cuts: number[] },
): Promise<{ records: CsvRecord[]; counted: number[]; found: number[] }> {
  const { segments, encoding } = await splitObject(fleeting(bytes, options.cuts), format, options);
  const perSegment = segments.map(({ start, end, firstLine }) =>
    parseAll(bytes.subarray(start, end), format.delimiter, encoding, options.bounds, firstLine),
  );
  return {
    records: perSegment.flat(),
    counted: segments.map(({ records }) => records),
    found: perSegment.map((records) => records.length),
  };
}

/** Every step of a scanner that gets `window` more bytes whenever it asks for more. */
function scanInWindows(bytes: Uint8Array, delimiter: Delimiter, bounds: Bounds, window: number) {
  const scanner = new RecordScanner(delimiter, 1, bounds);
  const found: { step: Step; start: number; end: number; line: number }[] = [];
  let loaded = 0;
  do {
    loaded = Math.min(loaded + window, bytes.byteLength);
    scanner.load(bytes.slice(scanner.position, loaded), loaded === bytes.byteLength);
    for (let step = scanner.next(); step !== 'more' && step !== 'end'; step = scanner.next()) {
      found.push({ step, start: scanner.start, end: scanner.end, line: scanner.line });
    }
  } while (loaded < bytes.byteLength);
  return found;
}

const sizes = {
  segmentBytes: fc.integer({ min: 1, max: 150 }),
  blockBytes: fc.integer({ min: 2, max: 120 }),
  bounds,
  cuts,
};

describe('the scanner with csv-parse', () => {
  it('finds the records, fields and lines that the rules read plainly give, in UTF-8', () => {
    check(
      fc.property(anyText, delimiter, bounds, (text, delimiter, bounds) => {
        const bytes = Buffer.from(text);
        const decode = (units: string) => Buffer.from(units, 'latin1').toString('utf8');
        const expected = referenceRecords(bytes.toString('latin1'), delimiter, bounds, decode);
        expect(outline(parseAll(bytes, delimiter, 'utf-8', bounds))).toEqual(expected);
      }),
    );
  });

  it('finds the same in UTF-16, with bounds in code units', () => {
    check(
      fc.property(anyText, delimiter, bounds, fc.boolean(), (text, delimiter, bounds, bigEndian) => {
        const bytes = Buffer.from(text, 'utf16le');
        if (bigEndian) bytes.swap16();
        const expected = referenceRecords(text, delimiter, bounds, (units) => units);
        expect(outline(parseAll(bytes, delimiter, bigEndian ? 'utf-16be' : 'utf-16le', bounds))).toEqual(expected);
      }),
    );
  });

  it('finds the same in Windows-1252, whatever the bytes', () => {
    const anyBytes = fc.array(fc.oneof(fc.constantFrom(...Buffer.from('"",\n\r ;a')), fc.nat(255)), {
      maxLength: 200,
      size: 'max',
    });
    check(
      fc.property(anyBytes, delimiter, bounds, (values, delimiter, bounds) => {
        const bytes = Uint8Array.from(values);
        const decode = (units: string) => new TextDecoder('windows-1252').decode(Buffer.from(units, 'latin1'));
        const expected = referenceRecords(Buffer.from(bytes).toString('latin1'), delimiter, bounds, decode);
        expect(outline(parseAll(bytes, delimiter, 'windows-1252', bounds))).toEqual(expected);
      }),
    );
  });

  it('reads the rows that an RFC 4180 file was written from', () => {
    const cell = fc.oneof(
      fc.constantFrom('', ' ', '"', '""', '\n', '\r\n', '\r', ',', ';', ' a ', '\u00a0', '5" pipe', 'Ann "Annie" Lee'),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    );
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 12 });
    check(
      fc.property(
        rows,
        delimiter,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        (rows, delimiter, lineEnd, last) => {
          const text = rows.map((row) => row.map((value) => written(value, delimiter)).join(delimiter)).join(lineEnd);
          const parsed = parseAll(Buffer.from(last ? text + lineEnd : text), delimiter, 'utf-8', BOUNDS);
          const expected = rows.filter((row) => row.some((value) => value !== ''));
          expect(parsed.map((record) => ('fields' in record ? record.fields : record))).toEqual(expected);
        },
      ),
    );
  });

  it('gives every byte to exactly one record or blank line, the same ones whatever the windows', () => {
    check(
      fc.property(anyText, delimiter, bounds, fc.integer({ min: 1, max: 100 }), (text, delimiter, bounds, window) => {
        const bytes = new Uint8Array(Buffer.from(text));
        const found = scanInWindows(bytes, delimiter, bounds, window);
        expect(found).toEqual(scanInWindows(bytes, delimiter, bounds, bytes.byteLength));
        expect(found.map(({ start }) => start)).toEqual([0, ...found.map(({ end }) => end)].slice(0, found.length));
        expect(found.at(-1)?.end ?? 0).toBe(bytes.byteLength);
        expect(found.every(({ start, end }) => start < end)).toBe(true);
      }),
    );
  });
});

describe('a file in segments', () => {
  it('has the records and lines that it has in one piece, in UTF-8', async () => {
    await check(
      fc.asyncProperty(anyText, delimiter, fc.record(sizes), async (text, delimiter, sizes) => {
        const bytes = Buffer.from(text);
        const format = { encoding: 'utf-8', bom: false, delimiter, dataOffset: 0, firstLine: 1 } as const;
        const { records, counted, found } = await parseInSegments(bytes, format, sizes);
        expect(records).toEqual(parseAll(bytes, delimiter, 'utf-8', sizes.bounds));
        expect(counted).toEqual(found);
      }),
    );
  });

  it('has the records and lines that it has in one piece, in UTF-16', async () => {
    const encodings = fc.constantFrom('utf-16le', 'utf-16be');
    await check(
      fc.asyncProperty(anyText, delimiter, fc.record(sizes), encodings, async (text, delimiter, sizes, encoding) => {
        const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
        if (encoding === 'utf-16be') bytes.swap16();
        const format = { encoding, bom: 2 > 0, delimiter, dataOffset: 2, firstLine: 1 } as const;
        const { records, counted, found } = await parseInSegments(bytes, format, sizes);
        expect(records).toEqual(parseAll(bytes.subarray(2), delimiter, encoding, sizes.bounds));
        expect(counted).toEqual(found);
      }),
    );
  });

  it('is covered by its segments without gap or overlap', async () => {
    await check(
      fc.asyncProperty(anyText, delimiter, fc.record(sizes), async (text, delimiter, sizes) => {
        const bytes = Buffer.from(text);
        const format = { encoding: 'utf-8', bom: false, delimiter, dataOffset: 0, firstLine: 1 } as const;
        const { segments, ...totals } = await splitObject(fleeting(bytes, sizes.cuts), format, sizes);
        expect(totals.bytes).toBe(bytes.byteLength);
        expect(segments.reduce((sum, { records }) => sum + records, 0)).toBe(totals.records);
        if (segments.length > 0) {
          const edges = segments.flatMap(({ start, end }) => [start, end]);
          expect(edges).toEqual([0, ...segments.slice(1).flatMap(({ start }) => [start, start]), bytes.byteLength]);
        }
        expect(segments.every(({ start, end }) => start < end)).toBe(true);
      }),
    );
  });
});

describe('Utf8Check', () => {
  it('says of pieces what isUtf8 says of the whole', () => {
    const bytes = fc.oneof(
      csvText.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(csvText, fc.nat(400)).map(([text, end]) => Buffer.from(text).subarray(0, end)),
    );
    check(
      fc.property(bytes, cuts, (bytes, cuts) => {
        const check = new Utf8Check();
        for (const chunk of fleeting(bytes, cuts)) check.add(chunk);
        expect(check.valid).toBe(isUtf8(bytes));
      }),
    );
  });
});

/** RFC 4180, section 2, rules 5 to 7; spaces at the ends need quotes too, as unquoted fields are trimmed. */
function written(value: string, delimiter: string): string {
  const needsQuotes = /["\r\n]/.test(value) || value.includes(delimiter) || value.trim() !== value;
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
}
