import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounds, cuts, delimiter, fleeting, LONG_LINE_BYTES, textWithLongLines } from '../test/arbitraries.ts';
import { anyText, check, parseAll, scanInWindows } from '../test/property.ts';
import type { Bounds, Delimiter, HeadEncoding } from './dialect.ts';
import { type CsvRecord, splitObject } from './index.ts';

async function parseInSegments(
  bytes: Uint8Array,
  format: { encoding: HeadEncoding; bom: boolean; delimiter: Delimiter; dataOffset: number; firstLine: 1 },
  options: { segmentBytes: number; blockBytes: number; bounds: Bounds; cuts: number[]; lineBytes: number },
): Promise<{ records: CsvRecord[]; broken: number; counted: number[]; found: number[] }> {
  const { segments, encoding, broken } = await splitObject(fleeting(bytes, options.cuts), format, options);
  const perSegment = segments.map(({ start, end, firstLine }) =>
    parseAll(bytes.subarray(start, end), format.delimiter, encoding, options.bounds, firstLine),
  );
  return {
    records: perSegment.flat(),
    broken,
    counted: segments.map(({ records }) => records),
    found: perSegment.map((records) => records.length),
  };
}

const sizes = {
  segmentBytes: fc.integer({ min: 1, max: 150 }),
  blockBytes: fc.integer({ min: 2, max: 120 }),
  lineBytes: fc.constant(LONG_LINE_BYTES),
  bounds,
  cuts,
};

describe('a file in segments', () => {
  it('has the records and lines that it has in one piece where it was cut off, anywhere', async () => {
    const encodings = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be');
    await check(
      fc.asyncProperty(anyText, fc.nat(), encodings, fc.record(sizes), async (text, cut, encoding, sizes) => {
        const whole = encoding === 'utf-8' ? Buffer.from(text) : Buffer.from(text, 'utf16le');
        if (encoding === 'utf-16be') whole.swap16();
        const bytes = whole.subarray(0, cut % (whole.byteLength + 1));
        const format = { encoding, bom: true, delimiter: ',', dataOffset: 0, firstLine: 1 } as const;
        const { records, broken } = await parseInSegments(bytes, format, sizes);
        expect(records).toEqual(parseAll(bytes, ',', encoding, sizes.bounds));
        expect(broken).toBe(records.filter((record) => 'error' in record).length);
      }),
    );
  });

  it('has the records and lines that it has in one piece, in UTF-8', async () => {
    await check(
      fc.asyncProperty(textWithLongLines, delimiter, fc.record(sizes), async (text, delimiter, sizes) => {
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
      fc.asyncProperty(
        textWithLongLines,
        delimiter,
        fc.record(sizes),
        encodings,
        async (text, delimiter, sizes, encoding) => {
          const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
          if (encoding === 'utf-16be') bytes.swap16();
          const format = { encoding, bom: 2 > 0, delimiter, dataOffset: 2, firstLine: 1 } as const;
          const { records, counted, found } = await parseInSegments(bytes, format, sizes);
          expect(records).toEqual(parseAll(bytes.subarray(2), delimiter, encoding, sizes.bounds));
          expect(counted).toEqual(found);
        },
      ),
    );
  });

  it('is covered by its segments, but for blank lines and what is beyond the beginning of a long line', async () => {
    await check(
      fc.asyncProperty(textWithLongLines, delimiter, fc.record(sizes), async (text, delimiter, sizes) => {
        const bytes = Buffer.from(text);
        const format = { encoding: 'utf-8', bom: false, delimiter, dataOffset: 0, firstLine: 1 } as const;
        const { segments, ...totals } = await splitObject(fleeting(bytes, sizes.cuts), format, sizes);
        expect(totals.bytes).toBe(bytes.byteLength);
        expect(segments.reduce((sum, { records }) => sum + records, 0)).toBe(totals.records);
        const inSegments = (at: number) => segments.filter(({ start, end }) => start <= at && at < end).length;
        const wrong = scanInWindows(bytes, delimiter, sizes.bounds, bytes.byteLength).filter(({ step, start, end }) => {
          const covered = Array.from({ length: end - start }, (_, index) => inSegments(start + index));
          const beyond = covered.splice(LONG_LINE_BYTES);
          return beyond.some((times) => times !== 0) || covered.some((times) => times !== 1 && step !== 'blank');
        });
        expect(wrong).toEqual([]);
        const edges = segments.flatMap(({ start, end }) => [start, end]);
        expect(edges).toEqual(edges.toSorted((a, b) => a - b));
        expect(
          segments.every(({ start, end }) => start < end && end - start < sizes.segmentBytes + LONG_LINE_BYTES),
        ).toBe(true);
      }),
    );
  });
});
