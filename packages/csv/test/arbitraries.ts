import fc from 'fast-check';
import { type Bounds, DELIMITERS, type Quoting } from '../src/dialect.ts';

/** What CSV goes wrong over: quotes in every place, all line ends, all delimiters, all kinds of white space, wide characters. */
const PIECES = [
  '"', '"', '"', '""', '"""', ',', ',', ';', '\t', '|', '\n', '\n', '\r', '\r\n', ' ', '  ', 'a', 'b1', '","', '"\n', '\n"',
  ',"', '",', '" ', ' "', '"",', 'é', '漢', '😀', '\u00a0', '\u00a0"', '\u2003', '\ufeff', '\v', '\f"', '\0', 'long long long',
]; // biome-ignore format: a table

export const csvText = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 120, size: 'max' })
  .map((pieces) => pieces.join(''));

/** Text in which records are mostly broken and so read again and again from every line: what the trails are for. */
export const hostileText = fc
  .array(fc.constantFrom('"a\n', '"a\nb",', '"', '""', '",', ',"', '\n', '" ', 'x', '",\n', '"a ,'), {
    maxLength: 200,
    size: 'max',
  })
  .map((pieces) => pieces.join(''));

/** What goes wrong in a file of each quoting: its own quotes and escapes among those of others, and broken ones. */
export const textIn: Record<Quoting, fc.Arbitrary<string>> = {
  double: fc.oneof(csvText, hostileText),
  backslash: fc
    .array(
      fc.oneof(
        {
          arbitrary: fc.constantFrom('\\', '\\"', '\\\\', '\\\n', '"\\', '\\",', '\\"\n', '"a\\"b"', '"\\"",'),
          weight: 1,
        },
        {
          arbitrary: fc.constantFrom(
            '"',
            '""',
            ',',
            ';',
            '\n',
            '\r\n',
            ' ',
            '\t',
            'a',
            'é',
            '",',
            ',"',
            '"\n',
            '"a\nb",',
          ),
          weight: 2,
        },
      ),
      { maxLength: 120, size: 'max' },
    )
    .map((pieces) => pieces.join('')),
  single: fc.oneof(csvText, hostileText).map((text) => text.replace(/["']/g, (quote) => (quote === '"' ? "'" : '"'))),
  typographic: fc
    .array(fc.constantFrom('“', '”', '„', '«', '»', '"', "'", ',', ';', '\n', '\r\n', ' ', 'a', 'é', '“a”,', '”\n'), {
      maxLength: 120,
      size: 'max',
    })
    .map((pieces) => pieces.join('')),
  'whole-line': fc
    .array(
      fc.oneof(
        csvText,
        hostileText,
        csvText.map((line) => `"${line.replaceAll('"', '""')}"`),
      ),
      { maxLength: 6 },
    )
    .map((lines) => lines.join('\n')),
};

/** Longer than any record by these bounds, and than what is quoted of a broken one. */
export const LONG_LINE_BYTES = 1030;

/** Lines of which only the beginning is in a segment, between others: most of the time there is none, or one. */
export const textWithLongLines = fc
  .array(
    fc.oneof(
      { arbitrary: fc.oneof(csvText, hostileText), weight: 2 },
      {
        arbitrary: fc.constantFrom('x'.repeat(1100), 'é,'.repeat(500), `"${'"" '.repeat(400)}`, ' '.repeat(1200)),
        weight: 1,
      },
    ),
    { maxLength: 3 },
  )
  .map((parts) => parts.join('\n'));

export const delimiter = fc.constantFrom(...DELIMITERS);

export const bounds: fc.Arbitrary<Bounds> = fc
  .record({ maxField: fc.integer({ min: 1, max: 60 }), more: fc.integer({ min: 0, max: 120 }) })
  .map(({ maxField, more }) => ({ maxField, maxRecord: maxField + more }));

/** `bytes` cut into chunks at arbitrary places, empty chunks among them. */
export function chunked(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.byteLength + 1)), bytes.byteLength].sort((a, b) => a - b);
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

/** The same chunks as a socket gives them, each overwritten once the next is asked for: who still looks at it reads junk. */
export function* fleeting(bytes: Uint8Array, cuts: readonly number[]): Generator<Buffer> {
  for (const chunk of chunked(bytes, cuts)) {
    const passing = Buffer.from(chunk);
    yield passing;
    passing.fill(0xff);
  }
}

export const cuts = fc.array(fc.nat(2000), { maxLength: 30, size: 'max' });
