import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { delimiter as anyDelimiter } from '../test/arbitraries.ts';
import { detectFormat, formatRecord, parseSegment } from './index.ts';

it.each([
  [['Ann', 'Lee'], 'Ann,Lee\r\n'],
  [['Acme, Inc.', '5" pipe', 'a;b'], '"Acme, Inc.","5"" pipe",a;b\r\n'],
  [[' Ann', 'Lee\u00a0', 'two\nlines'], '" Ann","Lee\u00a0","two\nlines"\r\n'],
  [['', "'=1", 'Zoë 😀'], ",'=1,Zoë 😀\r\n"],
])('%j is written %j', (fields, line) => {
  expect(formatRecord(fields, ',')).toBe(line);
});

const field = fc
  .array(fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', ' ', '\u00a0', '\ufeff', '\0', 'a', 'é', '😀', "'"), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(''));
const record = fc.tuple(fc.constant('x'), fc.array(field, { maxLength: 5 })).map(([first, rest]) => [first, ...rest]);

test('records that are written are the records that are read', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), anyDelimiter, (records, delimiter) => {
      const bytes = Buffer.from(records.map((fields) => formatRecord(fields, delimiter)).join(''));
      const read = [...parseSegment(bytes, { delimiter, encoding: 'utf-8', firstLine: 1 })].flat();
      expect(read.map((found) => ('fields' in found ? found.fields : found.error))).toEqual(records);
    }),
    { numRuns: 500 },
  );
});

test('the delimiter that was written is detected below a plain header', () => {
  const cell = fc.constantFrom('a;b;c;d;e', 'a,b,c,d,e', 'a|b|c|d', 'a\tb\tc\td', 'x', '5" pipe', 'two\nlines');
  const row = fc.tuple(cell, cell, cell);
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), anyDelimiter, (rows, delimiter) => {
      const text = [['name', 'company', 'error'], ...rows].map((fields) => formatRecord(fields, delimiter)).join('');
      expect(detectFormat(Buffer.from(text))).toMatchObject({ delimiter });
    }),
  );
});
