export type { BrokenCode, BrokenRecord } from './broken.ts';
export { RecordCursor } from './cursor.ts';
export type { Dialect, IsHeader } from './delimiter.ts';
export { type CsvFormat, detectFormat, type NotCsv } from './detect.ts';
export {
  type Delimiter,
  type Encoding,
  HEAD_BYTES,
  type HeadEncoding,
  type Quoting,
  SEGMENT_BYTES,
} from './dialect.ts';
export { type EncodingGuess, likelyEncoding } from './encoding/evidence.ts';
export { decodeAs } from './encoding/unreadable-encodings.ts';
export { withoutEndMark } from './end-mark.ts';
export { type FoundRecord, findFirstRecords, readFoundRecords } from './first-records.ts';
export { formatRecord } from './format.ts';
export { headerCells } from './header-delimiter.ts';
export { causeOfFieldCount } from './likely-cause.ts';
export type { NotCsvKind } from './not-csv.ts';
export { type CsvRecord, type ParseOptions, parseSegment } from './parse.ts';
export type { ParsedRecord } from './run.ts';
export { type Segment, type SplitOptions, type SplitResult, splitObject } from './split.ts';
export { unitBytes } from './units.ts';
