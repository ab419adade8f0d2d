export {
  byColumn,
  COLUMNS,
  type Column,
  declarationOf,
  type Employee,
  KEY_COLUMN,
  NAME_COLUMN,
  REQUIRED_COLUMNS,
  type RowValues,
  SEARCHED_COLUMNS,
  SORTED_COLUMNS,
  type SortedColumn,
  VALUE_COLUMNS,
} from './columns.ts';
export { checkRow } from './employee.ts';
export { FAILURE_CODES, type FailureCode, type UploadFailure } from './failure.ts';
export { CELLS_MAX } from './header/cells.ts';
export {
  CORRECTION_COLUMNS,
  EXPECTED_CELL_MAX,
  type ExpectedHeader,
  profileMismatch,
} from './header/expected-header.ts';
export { FILE_COLUMN_VALUES_MAX, FILE_COLUMNS_MAX, type FileColumn, fileColumnsOf } from './header/file-columns.ts';
export {
  type ColumnSource,
  type ColumnSources,
  type FieldAlternatives,
  type Header,
  type HeaderMap,
  type HeaderRecord,
  type HeaderSample,
  type HeaderSettings,
  positionalHeader,
} from './header/header.ts';
export { HEADER_RECORDS, namesEveryColumn, readHeader } from './header/read-header.ts';
export { SUGGESTIONS_MAX, type Suggestion, suggestionsFor } from './header/suggestions.ts';
export {
  byOutcome,
  FAILED_OUTCOMES,
  type FailedOutcome,
  LISTED_OUTCOMES,
  type ListedOutcome,
  OUTCOMES,
  type Outcome,
  type OutcomeCounts,
  zeroCounts,
} from './outcome.ts';
export {
  type Raw,
  type Row,
  rowOf,
  rowShaper,
  type ShapedRow,
  type ShapeRow,
  type UnshapedRow,
  valuesOf,
} from './row.ts';
export type { RowError } from './row-error.ts';
export { ROW_ERROR_CODES, type RowErrorCode } from './row-error-codes.ts';
export { spreadsheetProof, spreadsheetSafe, spreadsheetSafeCell } from './spreadsheet-safe.ts';
export { type ValidationResult, validateRow } from './validate-row.ts';
export { ValueWarnings } from './value-warnings.ts';
export { sumWarnings, WARNING_CODES, WARNING_LINES_MAX, type Warning, type WarningCode } from './warning.ts';
