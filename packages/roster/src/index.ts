export { COLUMNS, type Column, type RowValues } from './columns.ts';
export { decodeBody, UnreadableMessageError } from './decode.ts';
export { checkRow, type Employee } from './employee.ts';
export { encodeBody, encodeRow } from './encode.ts';
export { FAILURE_CODES, type FailureCode, failureSchema, type UploadFailure } from './failure.ts';
export { type ColumnSources, type Header, type HeaderMap, POSITIONAL_HEADER, readHeader } from './header.ts';
export { judgeRow, type Verdict } from './judge-row.ts';
export {
  type Detected,
  decodeMessage,
  detectedSchema,
  MESSAGE_VERSION,
  type Message,
  type MessageOf,
  type Upload,
} from './message.ts';
export { OUTCOMES, type Outcome, type OutcomeCounts } from './outcome.ts';
export { decodeReadTask, type ReadTask, type SegmentTask } from './read-task.ts';
export { type Raw, type Row, type ShapedRow, shapeRow, type UnshapedRow, valuesOf } from './row.ts';
export { ROW_ERROR_CODES, type RowError, type RowErrorCode, rowErrorSchema } from './row-error.ts';
export { uploadsOf } from './s3-event.ts';
export { spreadsheetSafe, spreadsheetSafeCell } from './spreadsheet-safe.ts';
export { fileNameOfKey, keyOfUpload, newUploadId, UPLOAD_PREFIX, uploadIdOf } from './upload-id.ts';
