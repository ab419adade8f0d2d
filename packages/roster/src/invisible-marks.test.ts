import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isInvisible, trimMarks, withoutMarks } from './invisible-marks.ts';

const MARKS = [
  ...['\u00ad', '\u061c', '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff'],
  ...['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'],
];
const JOINERS = ['\u200c', '\u200d'];
const SPACES = [' ', '\t', '\n', '\u00a0', '\u2003', '\u202f', '\u3000'];

const around = fc.array(fc.constantFrom(...MARKS, ...SPACES)).map((units) => units.join(''));
const inside = fc.string({ unit: fc.constantFrom('a', 'É', '漢', '😀', ' ', '0', ...MARKS, ...JOINERS) });

describe('around a text', () => {
  it.each(MARKS)('the mark %j is taken off, among spaces too', (mark) => {
    expect(trimMarks(`${mark}Ann Lee${mark}`)).toBe('Ann Lee');
    expect(trimMarks(` ${mark}\u00a0Ann Lee\u00a0${mark}${mark} `)).toBe('Ann Lee');
  });

  it.each([...JOINERS, '\0', '\u0085', '\ufe0f', '\ufffd', '😀'])('%j stays', (character) => {
    expect(trimMarks(`${character}Ann${character}`)).toBe(`${character}Ann${character}`);
  });

  it('nothing is left of one that is nothing but marks and spaces', () => {
    expect(trimMarks(` ${MARKS.join('')} `)).toBe('');
    expect(trimMarks('')).toBe('');
  });
});

test('inside a text marks and joiners stay where it is only trimmed', () => {
  const text = `a${[...MARKS, ...JOINERS].join('')}b`;
  expect(trimMarks(text)).toBe(text);
});

test('a number or an address loses marks and joiners everywhere, and its spaces at the ends alone', () => {
  const nothing = [...MARKS, ...JOINERS].join('');
  expect(withoutMarks(` ${nothing}030\u00a01${nothing}234567${nothing} `)).toBe('030\u00a01234567');
});

test('what stands around a text does not change what is made of it', () => {
  fc.assert(
    fc.property(around, inside, around, (before, text, after) => {
      expect(trimMarks(before + text + after)).toBe(trimMarks(text));
      expect(withoutMarks(before + text + after)).toBe(withoutMarks(text));
    }),
  );
});

test('a text without marks is trimmed as `trim` does', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'É', '漢', '\0', '\u0085', ...SPACES) }), (text) => {
      expect(trimMarks(text)).toBe(text.trim());
      expect(withoutMarks(text)).toBe(text.trim());
    }),
  );
});

/** Unicode 17: DerivedCoreProperties.txt, Default_Ignorable_Code_Point, one or two of each of its ranges. */
const IGNORABLE = [
  '\u00ad \u034f \u061c \u115f \u1160 \u17b4 \u17b5 \u180b \u180e \u180f \u200b \u200c \u200d \u202a \u2060 \u2063 \u2065 \u206f',
  '\u3164 \ufe00 \ufe0f \ufeff \uffa0 \ufff0 \u{1bca0} \u{1d173} \u{1d17a} \u{e0000} \u{e0001} \u{e0041} \u{e0100} \u{e01ef}',
].flatMap((characters) => characters.split(' '));

test.each([...IGNORABLE, '\u2800', '\ufff9', '\u{13430}', '\u{16fe4}', '\u{1d159}', '\u3000', ''])(
  'nobody sees anything of %j',
  (character) => {
    expect(isInvisible(character.repeat(3))).toBe(true);
    expect(isInvisible(` ${character}\u200c`)).toBe(true);
    expect(withoutMarks(character)).toBe('');
    expect(isInvisible(`${character}a`)).toBe(false);
  },
);

test.each(['a', 'É', '漢', '😀', '-', '.', '\u0600', '\u0301', '\u05d0', '\ufffd', '\0'])('%j is seen', (character) => {
  expect(isInvisible(`\u200c${character}\u2800`)).toBe(false);
});
