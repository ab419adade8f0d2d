import { detectFormat, parseSegment, splitObject } from '@rowferry/csv';
import { readHeader } from '@rowferry/roster';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ReadableSegment, segmentsOf } from './read-rows.ts';
import { RecordFinder } from './record-finder.ts';

async function segmentsIn(bytes: Uint8Array, segmentBytes: number): Promise<ReadableSegment[]> {
  const format = detectFormat(bytes);
  const result = readHeader([{ line: 1, fields: ['name', 'company', 'phone', 'email'] }]);
  if (!format.ok || !result.ok) throw new Error('not a file');
  const split = await splitObject([bytes], format, { segmentBytes });
  return segmentsOf({ format, header: result.header, split, warnings: [] });
}

const piece = fc.constantFrom(
  'name,company\n',
  'Ann,Acme\n',
  '"two\nlines",x\n',
  '\n',
  '"open,\n',
  'a,b,c\r\n',
  ',,\n',
);
const file = fc.array(piece, { minLength: 1, maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')));

test('records are found by their lines, whatever the segments, and nothing on other lines', async () => {
  await fc.assert(
    fc.asyncProperty(
      file,
      fc.integer({ min: 1, max: 200 }),
      fc.array(fc.nat(80)),
      async (bytes, segmentBytes, wanted) => {
        const segments = await segmentsIn(bytes, segmentBytes);
        const records = [...parseSegment(bytes, { delimiter: ',', encoding: 'utf-8', firstLine: 1 })].flat();
        const expected = new Map(records.map((record) => [record.line, record]));
        const finder = new RecordFinder(segments, async ({ start, end }) => bytes.subarray(start, end));

        for (const line of wanted.toSorted((a, b) => a - b))
          expect(await finder.find(line)).toEqual(expected.get(line));
      },
    ),
    { numRuns: 300 },
  );
});

test('only the segments that hold a wanted line are read, each once', async () => {
  const bytes = Buffer.from(`name,company\n${'Ann,Acme\n'.repeat(99)}`);
  const segments = await segmentsIn(bytes, 90);
  const read: number[] = [];
  const finder = new RecordFinder(segments, async ({ start, end }) => {
    read.push(start);
    return bytes.subarray(start, end);
  });

  for (const line of [25, 26, 26, 99]) expect(await finder.find(line)).toMatchObject({ line });

  expect(segments.length).toBeGreaterThan(5);
  expect(read).toHaveLength(2);
});
