import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bounds, csvText, delimiter, hostileText } from '../test/arbitraries.ts';
import { RecordCursor } from './cursor.ts';
import { parseSegment } from './index.ts';

test('records that are gone to are those that reading everything gives, and on other lines there is none', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(csvText, hostileText),
      delimiter,
      bounds,
      fc.constantFrom('utf-8', 'utf-16le', 'windows-1252'),
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }),
      async (text, delimiter, bounds, encoding, lines) => {
        const bytes = Buffer.from(text, encoding === 'utf-16le' ? 'utf16le' : 'utf8');
        const options = { delimiter, encoding, firstLine: 3, bounds } as const;
        const records = new Map([...parseSegment(bytes, options)].flat().map((record) => [record.line, record]));
        const cursor = new RecordCursor(bytes, options);

        for (const line of lines.toSorted((a, b) => a - b)) expect(await cursor.seek(line)).toEqual(records.get(line));
      },
    ),
    { numRuns: 1000 },
  );
});

test('the same record can be gone to twice', async () => {
  const cursor = new RecordCursor(Buffer.from('a,b\n1,2\n'), { delimiter: ',', encoding: 'utf-8', firstLine: 1 });
  expect([await cursor.seek(2), await cursor.seek(2), await cursor.seek(3)]).toEqual([
    { line: 2, fields: ['1', '2'] },
    { line: 2, fields: ['1', '2'] },
    undefined,
  ]);
});
