/** What a file that is no CSV turned out to be. */
export type NotCsvKind =
  | 'xlsx'
  | 'ods'
  | 'zip'
  | 'xls'
  | 'pdf'
  | 'png'
  | 'jpeg'
  | 'gif'
  | 'webp'
  | 'gzip'
  | '7z'
  | 'bzip2'
  | 'xz'
  | 'zstd'
  | 'tar'
  | 'parquet'
  | 'sqlite'
  | 'rtf'
  | 'html'
  | 'xml'
  | 'json'
  | 'utf-32'
  | 'binary';

/** First bytes, as Latin-1 text; the first that fits counts. Source: each format's specification, and file(1)'s magic. */
const SIGNATURES: readonly (readonly [string, NotCsvKind])[] = [
  // Not only old Excel files: any OLE2 compound file ([MS-CFB] 2.2), an xlsx with a password among them.
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'xls'],
  // BIFF 2 to 4, from before there was a compound file around them.
  ['\x09\x00\x04\x00', 'xls'],
  ['\x09\x02\x06\x00', 'xls'],
  ['\x09\x04\x06\x00', 'xls'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['\xff\xd8\xff', 'jpeg'],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
  ['\x1f\x8b', 'gzip'],
  ['7z\xbc\xaf\x27\x1c', '7z'],
  ['BZh91AY&SY', 'bzip2'],
  ['\xfd7zXZ\x00', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['PAR1', 'parquet'],
  ['SQLite format 3\x00', 'sqlite'],
  ['{\\rtf', 'rtf'],
  // The little-endian mark begins with that of UTF-16, so it must be asked for before that.
  ['\xff\xfe\x00\x00', 'utf-32'],
  ['\x00\x00\xfe\xff', 'utf-32'],
];

/** The first bytes of a ZIP file: an entry, the end of an empty one, a part of one (APPNOTE.TXT 4.3). */
const ZIP_SIGNATURES = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'];

/** Formats whose mark is not at the beginning. */
const PATTERNS: readonly (readonly [RegExp, NotCsvKind])[] = [
  // Readers take blank lines before it (PDF 1.7, appendix H.3).
  [/^\s*%PDF-/, 'pdf'],
  [/^RIFF.{4}WEBP/s, 'webp'],
  // POSIX pax, header block.
  [/^.{257}ustar/s, 'tar'],
];

/** Reports saved as .xls or .csv are often an HTML table or SpreadsheetML in disguise. */
const HTML = /^\s*<(?:!--|(?:!doctype html|html|head|body|meta|title|style|table|div)\b)/i;
const XML = /^\s*<(?:\?xml|svg)\b/i;
/** An object, or an array of objects or arrays. `[Name],[Company]`, a header of SQL Server's, is none. */
const JSON_TEXT = /^\s*(?:\[\s*)*\{\s*["}]|^\s*\[\s*(?:\[\s*)*(?:\]|")/;

/** What `head`, the first bytes of a file, says it is if it is no text; else undefined. */
export function recogniseNotCsv(head: Uint8Array): NotCsvKind | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (ZIP_SIGNATURES.some((signature) => text.startsWith(signature))) return kindOfZip(text);
  const bySignature = SIGNATURES.find(([signature]) => text.startsWith(signature));
  return (bySignature ?? PATTERNS.find(([pattern]) => pattern.test(text)))?.[1];
}

/** What a text, of which this is the beginning, is if it is no CSV; else undefined. */
export function recogniseMarkup(beginning: string): NotCsvKind | undefined {
  if (HTML.test(beginning)) return 'html';
  if (XML.test(beginning)) return 'xml';
  return JSON_TEXT.test(beginning) ? 'json' : undefined;
}

/** By the names of the first entries, which stand in clear in a ZIP file: `xl/workbook.xml`, `[Content_Types].xml`. */
function kindOfZip(text: string): NotCsvKind {
  if (text.includes('application/vnd.oasis.opendocument.spreadsheet')) return 'ods';
  return /\[Content_Types\]\.xml|xl\//.test(text) ? 'xlsx' : 'zip';
}

const MOST_CONTROLS_SHARE = 0.05;
const ENOUGH_CONTROLS = 8;

/**
 * Whether bytes of one byte a character are binary data rather than text: more than 5 % of them, and at least 8, are
 * control characters that text does not have.
 *
 * Not a single NUL: one damaged cell must cost its own row, not the file. Compressed or random data has 11 % (28 of 256
 * byte values), programs 20 to 50 %; a file with a damaged cell in every hundredth row far below 1 %.
 */
export function looksBinary(head: Uint8Array): boolean {
  let controls = 0;
  for (const byte of head) {
    // Tab, LF, VT, FF and CR (9 to 13) are text, and so is ESC for old terminals' sake.
    if (byte < 0x20 && (byte < 9 || byte > 13) && byte !== 0x1b) controls++;
  }
  return controls >= ENOUGH_CONTROLS && controls > head.byteLength * MOST_CONTROLS_SHARE;
}
