import { byColumn, COLUMNS, FAILURE_CODES, ROW_ERROR_CODES, WARNING_CODES, WARNING_LINES_MAX } from '@rowferry/roster';
import { z } from 'zod';
import { largeCount, lineNumber, storableText } from './bounds.ts';

/** What is true of one column or another. Messages of another version may lack some columns; they name none that is unknown. */
function perColumn<Value extends z.ZodType>(value: Value) {
  return z.partialRecord(z.enum(COLUMNS), value);
}

const fieldIndex = z.int().nonnegative();

/** The `HeaderMap` of packages/roster. */
export const headerMapSchema = z.object({
  hasHeader: z.boolean(),
  width: z.int().positive(),
  positions: perColumn(z.union([fieldIndex, z.array(z.array(fieldIndex).nonempty().readonly()).nonempty().readonly()])),
  constants: perColumn(z.string()).optional(),
});

/** The `ColumnSources` of packages/roster. */
export const columnSourcesSchema = perColumn(z.string().nullable()).transform((sources) =>
  byColumn((column) => sources[column] ?? null),
);

/** The `UploadFailure` of packages/roster. */
export const failureSchema = z.object({
  code: z.enum(FAILURE_CODES),
  detail: z.string(),
  columns: z.array(z.enum(COLUMNS)).optional(),
});

/** The `RowError` of packages/roster. */
export const rowErrorSchema = z.object({
  code: z.enum(ROW_ERROR_CODES),
  column: z.enum(COLUMNS).nullable(),
  message: z.string(),
});

/** Far more than there are codes and columns. */
const WARNINGS_MAX = 200;
const WARNING_TEXT_MAX = 4096;

/** The `Warning`s of packages/roster. */
export const warningsSchema = z
  .array(
    z.object({
      code: z.enum(WARNING_CODES),
      column: z.enum(COLUMNS).nullable(),
      text: storableText(WARNING_TEXT_MAX),
      count: largeCount,
      lines: z.array(lineNumber).max(WARNING_LINES_MAX),
    }),
  )
  .max(WARNINGS_MAX);
