import { expect, test } from 'vitest';
import { ENCODINGS, encodingNamed } from './encodings.ts';

test('an encoding is known by its name, and a decoder reads it', () => {
  for (const name of ENCODINGS) {
    expect(encodingNamed(name)).toBe(name);
    expect(new TextDecoder(name).encoding).toBe(name);
  }
});

test.each([
  ['latin1', 'windows-1252'],
  ['ISO-8859-1', 'windows-1252'],
  [' CP1252 ', 'windows-1252'],
  ['cp1250', 'windows-1250'],
  ['latin2', 'iso-8859-2'],
  ['iso-8859-9', 'windows-1254'],
  ['utf8', 'utf-8'],
  ['UTF-16', 'utf-16le'],
  ['mac', 'macintosh'],
  ['MacRoman', 'macintosh'],
  ['sjis', 'shift_jis'],
  ['windows-31j', 'shift_jis'],
  ['gb2312', 'gb18030'],
  ['GBK', 'gb18030'],
  ['cp949', 'euc-kr'],
])('%s is another name of %s', (label, name) => {
  expect(encodingNamed(label)).toBe(name);
});

test.each(['', 'klingon', 'utf-7', 'ibm850', 'iso-2022-jp', 'x-user-defined', '__proto__', 'constructor'])(
  '%j is none',
  (label) => {
    expect(encodingNamed(label)).toBeUndefined();
  },
);
