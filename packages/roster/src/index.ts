export { COLUMNS, type Column, type RowValues } from './columns.ts';
export { checkRow, type Employee } from './employee.ts';
export { FAILURE_CODES, type FailureCode, failureSchema, type UploadFailure } from './failure.ts';
export {
  type ColumnSources,
  columnSourcesSchema,
  type Header,
  type HeaderMap,
  headerMapSchema,
  POSITIONAL_HEADER,
  readHeader,
} from './header.ts';
export { OUTCOMES, type Outcome, type OutcomeCounts } from './outcome.ts';
export { type Raw, type Row, type ShapedRow, shapeRow, type UnshapedRow, valuesOf } from './row.ts';
export { ROW_ERROR_CODES, type RowError, type RowErrorCode, rowErrorSchema } from './row-error.ts';
export { spreadsheetSafe, spreadsheetSafeCell } from './spreadsheet-safe.ts';
export { type ValidationResult, validateRow } from './validate-row.ts';
