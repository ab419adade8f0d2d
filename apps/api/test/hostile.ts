import fc, { type Arbitrary } from 'fast-check';

/** Texts that have broken servers before: wrong numbers, wildcards, names of prototypes, quotes, control characters. */
const NOTORIOUS = [
  '',
  '0',
  '-1',
  '1e9',
  '1.5',
  'NaN',
  '0x10',
  '９',
  '9'.repeat(400),
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  "' or 1=1 --",
  '"; drop table uploads; --',
  '%',
  '_',
  '\\',
  '../../etc/passwd',
  '\0',
  '\r\nX-Injected: yes',
  '\u202e',
  '\ufeff',
  '\ufffe',
  '\u{1f469}\u200d\u{1f4bb}',
  'x'.repeat(5000),
  'ß'.repeat(300),
];

/** Any text. */
export const hostileText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NOTORIOUS),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** A piece of a URL: any text in percent-encoding, or encodings that mean no text. */
export const hostileUrlPart: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: hostileText.map((text) => encodeURIComponent(text.toWellFormed())) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '%',
      '%zz',
      '%ff',
      '%00',
      '%ED%A0%80',
      '%C0%AE',
      '%25',
      '+',
      'a=b=c',
      '[]',
      'a[b]',
      '&',
      '&&=',
    ),
  },
);

/** A value of a header that may be sent. */
export const hostileHeader: Arbitrary<string> = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 400,
});

/** Any JSON, also with members named as prototypes'. */
export const hostileJson: Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    null,
    [],
    {},
    0,
    '',
    true,
    -0,
    1e308,
    '\0',
    { __proto__: 1 },
    JSON.parse('{"__proto__":{"x":1},"constructor":1}'),
  ),
);
