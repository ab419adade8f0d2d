import { readByteOrder } from './byte-order.ts';
import { excerpt } from './decode.ts';
import { type Dialect, detectDialect, type IsHeader } from './delimiter.ts';
import { DELIMITERS, type Delimiter, type Encoding, HEAD_BYTES } from './dialect.ts';
import { looksBinary, type NotCsvKind, recogniseMarkup, recogniseNotCsv } from './not-csv.ts';
import { unitBytes } from './units.ts';
import { cutBytes } from './utf8.ts';

export interface CsvFormat extends Dialect {
  ok: true;
  /** As far as the beginning tells, or as stated: {@link splitObject} says what the whole file is in. */
  encoding: Encoding;
  isEncodingStated: boolean;
  /** Whether the file begins with a byte order mark. */
  bom: boolean;
  /** Whether the first line is Excel's `sep=;`. */
  sepLine: boolean;
  /** Where the data begins, in bytes: after the mark and the `sep=` line. */
  dataOffset: number;
  /** The physical line on which the data begins: 2 after a `sep=` line, else 1. */
  firstLine: 1 | 2;
}

export interface NotCsv {
  ok: false;
  kind: NotCsvKind;
}

/** Bytes of the beginning in which HTML, XML and JSON are looked for. */
const BEGINNING_BYTES = 1024;

/**
 * What a file is, from its beginning. `head`: the first HEAD_BYTES of it, or all if it is shorter; more is not looked at.
 * An empty file is an (empty) CSV. `isHeader` helps to tell the delimiter, unless it is stated. `likely`: the encoding that
 * the beginning looks like where it is not Unicode, from {@link likelyEncoding}.
 */
export function detectFormat(
  head: Uint8Array,
  isHeader: IsHeader = () => false,
  stated: { delimiter?: Delimiter | undefined; encoding?: Encoding | undefined } = {},
  likely: Encoding = 'utf-8',
): CsvFormat | NotCsv {
  const start = head.subarray(0, HEAD_BYTES);
  const kind = recogniseNotCsv(start);
  if (kind !== undefined) return { ok: false, kind };
  const { encoding: byOrder, markBytes } = readByteOrder(start);
  const isMarked = markBytes > 0;
  const encoding = (isMarked ? undefined : stated.encoding) ?? (byOrder === 'utf-8' && !isMarked ? likely : byOrder);
  if (unitBytes(encoding) === 1 && looksBinary(start)) return { ok: false, kind: 'binary' };
  const text = start.subarray(markBytes);
  const markup = recogniseMarkup(excerpt(text, encoding, BEGINNING_BYTES));
  if (markup !== undefined) return { ok: false, kind: markup };
  const sep = readSepLine(text, encoding);
  const isWhole = head.length < HEAD_BYTES;
  const data = isWhole ? text.subarray(sep.bytes) : withoutCutCharacter(text.subarray(sep.bytes), encoding);
  return {
    ok: true,
    encoding,
    isEncodingStated: stated.encoding !== undefined,
    bom: isMarked,
    ...detectDialect({ data, encoding, isWhole }, isHeader, stated.delimiter ?? sep.delimiter),
    sepLine: sep.bytes > 0,
    dataOffset: markBytes + sep.bytes,
    firstLine: sep.bytes > 0 ? 2 : 1,
  };
}

/** The beginning of a longer file without what it has of its last character. */
function withoutCutCharacter(text: Uint8Array, encoding: Encoding): Uint8Array {
  const cut = encoding === 'utf-8' ? cutBytes(text) : text.byteLength % unitBytes(encoding);
  return text.subarray(0, text.byteLength - cut);
}

// Some exporters quote it.
const SEP_LINE = /^(?:sep=([ -~\t])|"sep=([ -~\t])")[ \t]*(?:\r\n|\r|\n|$)/i;
const LONGEST_SEP_LINE_BYTES = 64;

/** The `sep=` line at the beginning of `text`, if there is one. A separator that is not one of ours is detected instead. */
function readSepLine(text: Uint8Array, encoding: Encoding): { bytes: number; delimiter?: Delimiter } {
  const match = SEP_LINE.exec(excerpt(text, encoding, LONGEST_SEP_LINE_BYTES));
  if (match === null) return { bytes: 0 };
  const bytes = encoding === 'utf-8' ? Buffer.byteLength(match[0]) : match[0].length * unitBytes(encoding);
  const delimiter = DELIMITERS.find((candidate) => candidate === (match[1] ?? match[2]));
  return delimiter === undefined ? { bytes } : { bytes, delimiter };
}
