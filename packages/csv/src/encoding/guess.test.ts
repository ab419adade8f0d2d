import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { encodeAs } from '../../test/encode.ts';
import { ROSTERS, type Roster } from '../../test/rosters.ts';
import { splitObject } from '../index.ts';
import { decodeAs, type UnreadableEncoding } from './unreadable-encodings.ts';

const FORMAT = { encoding: 'utf-8', bom: false, delimiter: ';', dataOffset: 0, firstLine: 1 } as const;

async function guess(bytes: Uint8Array) {
  return (await splitObject([bytes], FORMAT)).guess;
}

/** Files of `count` rows of a roster, from several places of it. */
function* filesOf({ rows, header }: Roster, count: number): Generator<string> {
  const step = Math.max(1, Math.floor(count / 2));
  for (let from = 0; from + count <= rows.length; from += step) {
    const lines = rows.slice(from, from + count).map((row, index) => `${row};0171 555 ${index};p${index}@a.example`);
    yield `${lines.join('\r\n')}\r\n`;
    yield `${[header, ...lines].join('\r\n')}\r\n`;
  }
}

async function outcomeOf(
  text: string,
  encoding: Roster['encodings'][number],
): Promise<'right' | 'unclear' | undefined> {
  const bytes = encodeAs(text, encoding);
  // By chance, or because it has nothing over ASCII.
  if (isUtf8(bytes)) return undefined;
  const found = await guess(bytes);
  if (found === undefined || !found.isSure) return 'unclear';
  expect({ encoding, text: decodeAs(bytes, found.encoding) }).toEqual({ encoding, text });
  return 'right';
}

async function outcomes(count: number) {
  const times = { right: 0, unclear: 0 };
  for (const roster of Object.values(ROSTERS))
    for (const encoding of roster.encodings)
      for (const text of filesOf(roster, count)) {
        const outcome = await outcomeOf(text, encoding);
        if (outcome !== undefined) times[outcome]++;
      }
  return times;
}

describe('a roster in the encoding of its country', () => {
  it.each([
    [1, 0.8],
    [3, 0.98],
    [10, 1],
  ])('of %i rows is read as it was written or not at all, at least %d of them', async (rows, share) => {
    const { right, unclear } = await outcomes(rows);
    expect(right + unclear).toBeGreaterThan(150);
    expect(right / (right + unclear)).toBeGreaterThanOrEqual(share);
  });

  const UNREADABLE: [UnreadableEncoding, string[]][] = [
    ['ibm850', ['german', 'french', 'spanish', 'portuguese', 'swedish', 'danish']],
    ['ibm852', ['czech', 'polish', 'hungarian', 'croatian']],
    ['ibm857', ['turkish']],
    ['x-mac-centraleurroman', ['czech', 'polish', 'hungarian', 'slovak']],
    ['x-mac-turkish', ['turkish']],
  ];
  it.each(UNREADABLE)('is not read where no decoder reads it: %s', async (encoding, names) => {
    for (const name of names)
      for (const text of filesOf(ROSTERS[name] ?? { header: '', rows: [], encodings: [] }, 5)) {
        // Some letters are missing there.
        const bytes = encodeAs(text.replaceAll('œ', 'oe').replaceAll('Œ', 'Oe'), encoding);
        expect(await guess(bytes)).toMatchObject({ isSure: false });
      }
  });
});

describe('one word over ASCII', () => {
  it.each([
    'Zoë',
    'René',
    'José',
    'Müller',
    'Ångström',
    'François',
    'Muñoz',
    'João',
    'Weiß',
    'Café',
    'Peña',
    'Søren',
    'MÜLLER',
  ])('is enough for Windows-1252: %s', async (word) => {
    const bytes = encodeAs(`name;company;phone;email\n${word};Acme;0301234567;a@acme.example\n`, 'windows-1252');
    expect(await guess(bytes)).toMatchObject({ encoding: 'windows-1252', isSure: true });
  });

  it.each([
    ['a name cut within a character', 'Zo\xc3;Acme\n'],
    ['a word that may be several', 'V\xf5;Acme\n'],
    ['bytes of nothing', '\x81\x8d\x8f\x90;Acme\n'],
    ['a picture', Array.from({ length: 500 }, (_, i) => String.fromCharCode(((i * 7919) % 253) | 0x80)).join(' ')],
  ])('is not enough: %s', async (_, text) => {
    expect(await guess(Buffer.from(text, 'latin1'))).toMatchObject({ isSure: false });
  });
});

describe('the evidence', () => {
  const czech = ROSTERS.czech?.rows.join('\n') ?? '';

  it('is looked for in all of a file, in whatever chunks it comes', async () => {
    const ascii = Buffer.alloc(3 * 1024 * 1024, 'Ann Lee;Acme;030\n');
    const bytes = Buffer.concat([ascii, encodeAs(czech, 'windows-1250'), ascii]);
    const whole = await splitObject([bytes], FORMAT);
    expect(whole).toMatchObject({ encoding: 'windows-1250', guess: { isSure: true } });
    const chunks = Array.from({ length: 100 }, (_, i) => bytes.subarray(i * 70_001, (i + 1) * 70_001));
    expect(await splitObject(chunks, FORMAT)).toEqual(whole);
  });

  it('has the first lines, and each byte over ASCII however late it comes', async () => {
    const same = encodeAs('Jiří Novák;Stavby\n', 'windows-1250');
    const late = encodeAs('Žofie Šťastná;Růže\n', 'windows-1250');
    const bytes = Buffer.concat([Buffer.alloc(same.length * 30_000, same), late]);
    const found = await guess(bytes);
    expect(found?.lines.at(-1)).toEqual(Uint8Array.from(late.subarray(0, -1)));
    expect(found?.lines.reduce((sum, line) => sum + line.byteLength, 0)).toBeLessThan(300 * 1024);
  });

  it('is none where a few bytes of an ASCII file are damaged: their rows fail by themselves, in UTF-8', async () => {
    const row = 'Ann Lee;Acme;0301234567;ann@acme.example\n';
    const damaged = Buffer.from('B\x81b;Acme\n', 'latin1');
    for (const [rows, encoding, isSure] of [
      [1000, 'utf-8', undefined],
      [10, 'windows-1252', false],
    ] as const) {
      const split = await splitObject([Buffer.from(row.repeat(rows)), damaged], FORMAT);
      expect([split.encoding, split.guess?.isSure]).toEqual([encoding, isSure]);
    }
  });

  it('may have a few damaged bytes in it', async () => {
    const bytes = Buffer.concat([encodeAs(czech, 'windows-1250'), Buffer.from('\nBo\x81b;Acme\n', 'latin1')]);
    expect(await guess(bytes)).toMatchObject({ encoding: 'windows-1250', isSure: true });
  });
});
