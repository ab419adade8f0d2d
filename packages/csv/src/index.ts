export type { BrokenCode, BrokenRecord } from './broken.ts';
export { RecordCursor } from './cursor.ts';
export { type CsvFormat, detectFormat, type NotCsv } from './detect.ts';
export { type Delimiter, type Encoding, HEAD_BYTES, type HeadEncoding, SEGMENT_BYTES } from './dialect.ts';
export { formatRecord } from './format.ts';
export type { NotCsvKind } from './not-csv.ts';
export { type CsvRecord, type ParseOptions, parseSegment } from './parse.ts';
export type { ParsedRecord } from './run.ts';
export { type Segment, type SplitOptions, type SplitResult, splitObject } from './split.ts';
