import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounds, csvText, cuts, delimiter, fleeting } from '../test/arbitraries.ts';
import { anyText, check, parseAll, scanInWindows } from '../test/property.ts';
import { type ReferenceRecord, referenceRecords } from '../test/reference.ts';
import { BOUNDS } from './dialect.ts';
import type { CsvRecord } from './index.ts';
import { cutBytes, Utf8Tally } from './utf8.ts';

/** Records in the form of the reference. */
function outline(records: CsvRecord[]): ReferenceRecord[] {
  return records.map((record) => ('fields' in record ? record : { line: record.line, code: record.error.code }));
}

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

  it('reads records without a quote as csv-parse does, whatever the bytes, beside others with quotes', () => {
    const pieces = [',', ';', '\t', '|', ' ', 'a', '\u00a0', '\u2003', '\u3000', '\ufeff', '\v', '\0', 'é', '漢', '😀'];
    const piece = fc.oneof(
      fc.constantFrom(...pieces).map((text) => Buffer.from(text)),
      fc.integer({ min: 0x23, max: 0xff }).map((byte) => Buffer.of(byte)),
    );
    const line = fc.array(piece, { maxLength: 12 }).map((parts) => Buffer.concat([Buffer.of(0x61), ...parts]));
    const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean()), { maxLength: 12 });
    check(
      fc.property(lines, delimiter, fc.boolean(), (lines, delimiter, endsInLine) => {
        const quoted = Buffer.from(`"a${delimiter}\n"${delimiter}b`);
        const bytesOf = ([line, end, hasQuotes]: (typeof lines)[number]) => [
          hasQuotes ? quoted : line,
          Buffer.from(end),
        ];
        const all = lines.flatMap(bytesOf);
        const bytes = Buffer.concat(endsInLine ? all : all.slice(0, -1));
        fc.pre(endsInLine || lines.length === 0 || cutBytes(bytes) === 0);
        const options = { delimiter, record_delimiter: ['\r\n', '\n', '\r'], trim: true, relax_column_count: true };
        const records = parseAll(bytes, delimiter, 'utf-8', BOUNDS);
        expect(records.map((record) => 'fields' in record && record.fields)).toEqual(parse(bytes, options));
      }),
    );
  });

  it('takes the last record of a text that was cut within a character for cut off, and leaves the others alone', () => {
    const tail = fc.constantFrom('é', '漢', '😀');
    const encodings = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be');
    const lines = fc.array(fc.constantFrom('a,b', '"é\n",😀', ',x', '漢'), { maxLength: 5 });
    check(
      fc.property(lines, fc.constantFrom('', 'x', ',', 'b,\u00a0'), tail, encodings, (lines, start, tail, encoding) => {
        const bytesOf = (text: string) => {
          if (encoding === 'utf-8') return Buffer.from(text);
          const bytes = Buffer.from(text, 'utf16le');
          return encoding === 'utf-16be' ? bytes.swap16() : bytes;
        };
        const before = bytesOf(lines.map((line) => `${line}\n`).join(''));
        const end = bytesOf(start + tail);
        // With half a unit alone on its line there is nothing that could be a record.
        const shortest = bytesOf(start).byteLength + (encoding === 'utf-8' || start !== '' ? 1 : 2);
        for (let length = shortest; length < end.byteLength; length++) {
          const records = parseAll(Buffer.concat([before, end.subarray(0, length)]), ',', encoding, BOUNDS);
          expect(outline(records.slice(0, -1))).toEqual(outline(parseAll(before, ',', encoding, BOUNDS)));
          expect(outline(records).at(-1)).toMatchObject({ code: 'unreadable_character' });
        }
      }),
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

describe('Utf8Tally', () => {
  const bytes = fc.oneof(
    csvText.map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    fc.tuple(csvText, fc.nat(400)).map(([text, end]) => Buffer.from(text).subarray(0, end)),
    fc
      .array(fc.constantFrom('\xe9', '\xc3', '\xc3\xa9', '\xf0\x9f\x98', '\xe6\xbc\xa2', '\xed\xa0\x80', 'ab', '\n'))
      .map((pieces) => Buffer.from(pieces.join(''), 'latin1')),
  );

  it('takes bytes for UTF-8 where a decoder finds no more faults than characters, whatever the pieces', () => {
    check(
      fc.property(bytes, cuts, (bytes, cuts) => {
        const tally = new Utf8Tally();
        for (const chunk of fleeting(bytes, cuts)) tally.add(chunk);
        const { characters, faults } = decoded(bytes);
        expect({ isUtf8: tally.isUtf8, hasErrors: tally.hasErrors }).toEqual({
          isUtf8: characters >= faults,
          hasErrors: faults > 0,
        });
      }),
    );
  });

  it('is sure after some thousand characters, at the same place whatever the pieces', () => {
    const good = Buffer.from('é'.repeat(4096));
    const bad = Buffer.alloc(10_000, 0xe9);
    fc.assert(
      fc.property(fc.array(fc.nat(good.length), { maxLength: 5 }), (cuts) => {
        const [early, sure] = [new Utf8Tally(), new Utf8Tally()];
        for (const chunk of fleeting(Buffer.concat([good.subarray(2), bad]), cuts)) early.add(chunk);
        for (const chunk of fleeting(Buffer.concat([good, bad]), cuts)) sure.add(chunk);
        expect([early.isUtf8, sure.isUtf8]).toEqual([false, true]);
      }),
      { numRuns: 50 },
    );
  });
});

/** What a decoder that expects more makes of bytes: characters over ASCII, and faults. */
function decoded(bytes: Uint8Array): { characters: number; faults: number } {
  fc.pre(!Buffer.from(bytes).includes('\ufffd'));
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
  const wide = Array.from(text).filter((character) => character > '\x7f');
  const faults = wide.filter((character) => character === '\ufffd').length;
  return { characters: wide.length - faults, faults };
}

/** RFC 4180, section 2, rules 5 to 7; spaces at the ends need quotes too, as unquoted fields are trimmed. */
function written(value: string, delimiter: string): string {
  const needsQuotes = /["\r\n]/.test(value) || value.includes(delimiter) || value.trim() !== value;
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
}
