import { CHANGES_MAX, type Change } from '@rowferry/database';
import {
  byColumn,
  COLUMNS,
  declarationOf,
  EXPECTED_CELL_MAX,
  FILE_COLUMN_VALUES_MAX,
  FILE_COLUMNS_MAX,
  KEY_COLUMN,
  ROW_ERROR_CODES,
  SUGGESTIONS_MAX,
  VALUE_COLUMNS,
} from '@rowferry/roster';
import { z } from 'zod';
import { rowErrorSchema, rowErrorsField, textField, wholeNumberField } from '../../contract/fields.ts';
import { COMPLETED_UPLOAD } from '../examples.ts';
import { uploadSchema } from '../schema.ts';
import { type DryRun, FIRST_ROWS_MAX, PROBLEMS_MAX } from './dry-run.ts';
import { PROBLEM_LINES_MAX } from './problem-kinds.ts';

const { detected, columns, ignoredColumns, brokenRecords, warnings, total, counts, failure } = uploadSchema.shape;

const suggestionSchema = z
  .object({
    position: wholeNumberField.describe('Of the field, from 1.'),
    cell: textField(100).nullable().describe('The header cell; null in a file without a header.'),
    column: z.enum(COLUMNS),
    score: z.number().min(0).max(1),
  })
  .meta({ id: 'Suggestion' });

/** Rowferry lets in 254 characters at most; who writes to the table directly may store more. */
const VALUE_MAX = 10_000;

const value = textField(VALUE_MAX).nullable();

const changeSchema = z.object({
  line: wholeNumberField,
  email: textField(VALUE_MAX).describe('Whose values they are.'),
  columns: z
    .partialRecord(z.enum(COLUMNS), z.object({ from: value, to: value }))
    .describe('The columns that would change.'),
});

const problemKindSchema = z.object({
  ...rowErrorSchema.shape,
  message: rowErrorSchema.shape.message.describe('That of the first row.'),
  count: wholeNumberField.describe('How many rows have it.'),
  lines: z.array(wholeNumberField).max(PROBLEM_LINES_MAX).describe('The first lines that have it.'),
});

const fileColumnSchema = z.object({
  position: wholeNumberField.describe('Of the field, from 1.'),
  cell: textField(EXPECTED_CELL_MAX).nullable().describe('The header cell; null in a file without a header.'),
  values: z.array(textField(100)).max(FILE_COLUMN_VALUES_MAX).describe('The first values that are not blank.'),
});

const firstRowSchema = z.object({ line: wholeNumberField, employee: z.object(byColumn(() => value)) });

/** What a dry run answers: what the upload would say in the end, under the same names. */
export const dryRunSchema = z
  .object({
    dryRun: z.literal(true).meta({ override: { type: 'boolean' } }),
    detected,
    columns,
    ignoredColumns,
    brokenRecords,
    warnings,
    total: total.describe('Rows of the file; null where it cannot be read.'),
    counts: counts.describe('Rows by the outcome that each would have.'),
    problems: z
      .array(z.object({ line: wholeNumberField, errors: rowErrorsField }))
      .max(PROBLEMS_MAX)
      .describe('The first rows that would be rejected, and why.'),
    problemKinds: z
      .array(problemKindSchema)
      .max(ROW_ERROR_CODES.length * (COLUMNS.length + 1))
      .describe('All reasons to reject rows, the most frequent first.'),
    fileColumns: z
      .array(fileColumnSchema)
      .max(FILE_COLUMNS_MAX)
      .describe(
        `The columns of the file in its own order, the first ${FILE_COLUMNS_MAX}, also where it cannot be read for want of one.`,
      ),
    firstRows: z
      .array(firstRowSchema)
      .max(FIRST_ROWS_MAX)
      .describe('The first rows that can be stored, as they would be: cleaned, under our columns.'),
    suggestions: z
      .array(suggestionSchema)
      .max(SUGGESTIONS_MAX)
      .describe(
        'For columns that were not found, fields whose names or values are like theirs. They are not applied: state them in the import settings.',
      ),
    changes: z
      .array(changeSchema)
      .max(CHANGES_MAX)
      .describe('The first changes to employees who are there already, in order of line; `counts.updated` counts all.'),
    failure: failure.describe('Why the upload would fail as a whole.'),
    encodings: z
      .array(z.object({ encoding: textField(32), cells: z.array(textField(200)).max(5) }))
      .max(5)
      .describe(
        'For the failure `unknown_encoding`: cells of the file as each encoding reads them that it may be in and that can be stated.',
      ),
  })
  .meta({ id: 'DryRun' });

export type DryRunResource = z.input<typeof dryRunSchema>;

export const DRY_RUN_EXAMPLE = {
  dryRun: true,
  detected: COMPLETED_UPLOAD.detected,
  columns: COMPLETED_UPLOAD.columns,
  ignoredColumns: COMPLETED_UPLOAD.ignoredColumns,
  brokenRecords: COMPLETED_UPLOAD.brokenRecords,
  warnings: COMPLETED_UPLOAD.warnings,
  total: COMPLETED_UPLOAD.total,
  counts: COMPLETED_UPLOAD.counts,
  problems: [
    { line: 19, errors: [{ code: 'required', column: 'email', message: 'email is required' }] },
    { line: 240, errors: [{ code: 'field_count', column: null, message: 'has 3 fields, but the header has 4' }] },
  ],
  problemKinds: [
    { code: 'required', column: 'email', message: 'email is required', count: 1, lines: [19] },
    {
      code: 'field_count',
      column: null,
      message: 'has 3 fields, but the header has 4',
      count: 1,
      lines: [240],
    },
  ],
  fileColumns: [
    { position: 1, cell: 'Full name', values: ['Jane Doe', 'Jon Vale'] },
    { position: 2, cell: 'Telefonnumer', values: ['030 1234567'] },
  ],
  firstRows: [{ line: 2, employee: byColumn((column) => declarationOf(column).examples[0]) }],
  suggestions: [{ position: 2, cell: 'Telefonnumer', column: 'mobile_no', score: 0.92 }],
  changes: [
    {
      line: 3,
      email: 'jane.doe@example.com',
      columns: { company_name: { from: 'Acme, Inc.', to: 'Acme Europe' } },
    },
  ],
  failure: null,
  encodings: [],
} satisfies DryRunResource;

export function toDryRunResource({ facts, problems, changes, encodings, ...run }: DryRun): DryRunResource {
  return {
    dryRun: true,
    detected: facts?.detected ?? null,
    columns: facts?.columns ?? null,
    ignoredColumns: facts?.ignoredColumns ?? [],
    brokenRecords: facts?.brokenRecords ?? null,
    problems: problems.map(({ line, errors }) => ({ line, errors: [...errors] })),
    changes: changes.map(toChange),
    encodings: encodings.map(({ encoding, cells }) => ({ encoding, cells: [...cells] })),
    ...run,
  };
}

function toChange({ line, before, after }: Change): DryRunResource['changes'][number] {
  const changed = VALUE_COLUMNS.filter((column) => before[column] !== after[column]);
  const columns = Object.fromEntries(changed.map((column) => [column, { from: before[column], to: after[column] }]));
  return { line, email: after[KEY_COLUMN], columns };
}
