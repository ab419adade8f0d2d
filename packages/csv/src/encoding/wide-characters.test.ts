import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cuts, delimiter, fleeting } from '../../test/arbitraries.ts';
import { encodeAs } from '../../test/encode.ts';
import { check, parseAll } from '../../test/property.ts';
import { BOUNDS } from '../dialect.ts';
import { parseSegment, splitObject } from '../index.ts';

/** Characters whose later byte is `|`, a backslash, a letter or `@`; white space of two bytes; and what CSV goes wrong over. */
const PIECES = {
  shift_jis: ['ポ', '表', 'ア', 'ソ', '一', '　', 'ｱ', '能'],
  gb18030: ['珅', '誠', '王', '　', '亅', '弢', '倈'],
  big5: ['育', '功', '一', '　', '許', '坼'],
  'euc-jp': ['ポ', '表', '　', '一'],
  'euc-kr': ['김', '　', '가'],
  'windows-1251': ['Я', 'я', 'ё', '«', '\u00a0'],
} as const;
const CSV = ['"', '"', '""', '"|', '|"', '|', '|', ',', ';', '\t', '\n', '\r\n', ' ', 'a', 'b1'];
type Wide = keyof typeof PIECES;
const WIDE = Object.keys(PIECES) as Wide[];

const file = fc
  .constantFrom(...WIDE)
  .chain((encoding) =>
    fc
      .array(fc.oneof(fc.constantFrom(...PIECES[encoding]), fc.constantFrom(...CSV)), { maxLength: 60, size: 'max' })
      .map((pieces) => ({ encoding, text: pieces.join('') })),
  );

describe('bytes of ASCII within characters', () => {
  it('are there to be mistaken', () => {
    expect(encodeAs('ポ表', 'shift_jis').toString('latin1')).toBe('\x83|\x95\\');
    expect(encodeAs('育功', 'big5').toString('latin1')).toMatch(/^.\|.\\$/s);
    expect(PIECES.gb18030.some((piece) => encodeAs(piece, 'gb18030').includes('|'))).toBe(true);
  });

  it('part neither fields nor records: these are those of the same text in UTF-8', () => {
    check(
      fc.property(file, delimiter, ({ encoding, text }, delimiter) => {
        const expected = parseAll(Buffer.from(text), delimiter, 'utf-8', BOUNDS);
        expect(parseAll(encodeAs(text, encoding), delimiter, encoding, BOUNDS)).toEqual(expected);
      }),
    );
  });

  it('part no records of a file in segments, where its beginning tells the encoding', async () => {
    await check(
      fc.asyncProperty(file, delimiter, cuts, async ({ encoding, text }, delimiter, cuts) => {
        const bytes = encodeAs(text, encoding);
        const format = {
          encoding,
          isEncodingStated: true,
          bom: false,
          delimiter,
          dataOffset: 0,
          firstLine: 1,
        } as const;
        const { segments } = await splitObject(fleeting(bytes, cuts), format, { segmentBytes: 20, blockBytes: 64 });
        const records = segments.flatMap(({ start, end, firstLine }) =>
          parseAll(bytes.subarray(start, end), delimiter, encoding, BOUNDS, firstLine),
        );
        expect(records).toEqual(parseAll(bytes, delimiter, encoding, BOUNDS));
      }),
    );
  });

  it('escape no quote in a file with backslashes', () => {
    const bytes = encodeAs('"表","a \\" b"\n"ソ\\"","x"\n', 'shift_jis');
    const options = { delimiter: ',', encoding: 'shift_jis', quoting: 'backslash', firstLine: 1 } as const;
    expect([...parseSegment(bytes, options)].flat()).toMatchObject([
      { fields: ['表', 'a " b'] },
      { fields: ['ソ"', 'x'] },
    ]);
  });

  it('make a guess unsure where the beginning looked like another encoding, and records depend on it', async () => {
    const rows = '佐藤 花子|株式会社一番|"x"\n鈴木 一郎|東京ポンプ"工業"|y\n高橋 健太|日本ソフトウェア|z\n';
    const bytes = encodeAs(rows, 'shift_jis');
    const format = { bom: false, delimiter: '|', dataOffset: 0, firstLine: 1 } as const;
    for (const [assumed, isSure] of [
      ['shift_jis', true],
      ['utf-8', false],
    ] as const)
      expect((await splitObject([bytes], { ...format, encoding: assumed })).guess).toMatchObject({
        encoding: 'shift_jis',
        isSure,
      });
  });
});
