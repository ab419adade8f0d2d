/** What files are read in, by the names of the WHATWG Encoding Standard; packages/csv has their decoders. */
export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-874',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-15',
  'macintosh',
  'x-mac-cyrillic',
  'koi8-r',
  'koi8-u',
  'ibm866',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
] as const;

export type EncodingName = (typeof ENCODINGS)[number];

/** Names that the standard does not have: what Windows calls them, and parts of an encoding that is read as a whole. */
const OTHER_NAMES: ReadonlyMap<string, EncodingName> = new Map([
  ['gbk', 'gb18030'],
  ['cp932', 'shift_jis'],
  ['cp936', 'gb18030'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
  ['macroman', 'macintosh'],
]);

/** The encoding that a label names, as people and programs write it (`latin1`, `CP1252`, `sjis`); undefined: none that is read. */
export function encodingNamed(label: string): EncodingName | undefined {
  const name = standardNameOf(label);
  return OTHER_NAMES.get(name) ?? ENCODINGS.find((known) => known === name);
}

function standardNameOf(label: string): string {
  const plain = label.trim().toLowerCase();
  try {
    return new TextDecoder(plain).encoding;
  } catch {
    return plain;
  }
}
