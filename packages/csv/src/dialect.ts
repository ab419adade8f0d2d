/** The four separators that are recognised, in the order in which a tie is decided. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/**
 * How a file quotes its fields. `double`: as RFC 4180 says. `backslash`: in double quotes, with `\"` for a quote and `\\` for
 * a backslash, as MySQL writes. `single`: `'…'`. `typographic`: `“…”`, `„…“`, `«…»` and the like. `whole-line`: as `double`,
 * and each line in one more pair of quotes, as Excel writes lines that stand in one cell each.
 */
export const QUOTINGS = ['double', 'backslash', 'single', 'typographic', 'whole-line'] as const;
export type Quoting = (typeof QUOTINGS)[number];

/** The encoding by the first bytes of a file. `utf-8` here means "one byte a unit": which of those, the letters tell. */
export type HeadEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** What files are read in, by the names of the WHATWG Encoding Standard; `TextDecoder` knows all of them. */
export type Encoding =
  | HeadEncoding
  | `windows-${1250 | 1251 | 1252 | 1253 | 1254 | 1255 | 1256 | 1257 | 874}`
  | `iso-8859-${2 | 5 | 7 | 15}`
  | 'macintosh'
  | 'x-mac-cyrillic'
  | 'koi8-r'
  | 'koi8-u'
  | 'ibm866'
  | 'shift_jis'
  | 'euc-jp'
  | 'gb18030'
  | 'big5'
  | 'euc-kr';

/**
 * How long a field and a record may be before they are reported as broken. In units: bytes, or 16-bit code units in UTF-16.
 * A field is measured from where it begins, if quoted from its opening quote, up to the delimiter; a record without its line end.
 */
export interface Bounds {
  maxField: number;
  maxRecord: number;
}

/** Constants of the format, so that every retry and every worker sees the same records. Tests pass smaller ones. */
export const BOUNDS: Bounds = { maxField: 64 * 1024, maxRecord: 256 * 1024 };

/** How much of the beginning of a file `detectFormat` wants to see, in bytes; less is fine when the file is shorter. */
export const HEAD_BYTES = 64 * 1024;

/** The size at which a segment is cut, in bytes. A constant of the format: a retry must cut where the first try did. */
export const SEGMENT_BYTES = 8 * 1024 * 1024;

/**
 * How much of a line is in its segment, in bytes; what a longer one goes on with is in none. Longer than any record may be in
 * any encoding, so that the line is rejected as it would be whole. A constant of the format, too.
 */
export const LINE_BYTES = 1024 * 1024;

export const LF = 0x0a;
export const CR = 0x0d;
export const TAB = 0x09;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const APOSTROPHE = 0x27;
export const BACKSLASH = 0x5c;
