import { byColumn, CELLS_MAX, COLUMNS, type Column, declarationOf, KEY_COLUMN } from '@rowferry/roster';
import { z } from 'zod';
import { ENCODINGS, encodingNamed } from './encodings.ts';

/** A header has no more columns, so no file has a field at a position beyond. */
const POSITION_MAX = CELLS_MAX;
/** Characters of a header cell that settings name. */
export const HEADER_CELL_MAX = 200;
/** Fields of a row that are joined to one value: no name has more parts. */
export const JOINED_MAX = 10;
/** Lines above a header are titles and notes. */
export const HEADER_LINE_MAX = 100_000;
/** Characters of a constant as it is stated; what its column allows is less. */
export const CONSTANT_MAX = 1000;
/** Characters of the name of an encoding. */
export const ENCODING_LABEL_MAX = 40;

const SOURCE_ERROR =
  `must be a header cell (1 to ${HEADER_CELL_MAX} characters) or a position (1 to ${POSITION_MAX}), ` +
  `or a list of 1 to ${JOINED_MAX} of these`;

const headerCell = z
  .string()
  .min(1, { error: SOURCE_ERROR, abort: true })
  .max(HEADER_CELL_MAX, SOURCE_ERROR)
  .refine((text) => text.trim() !== '', 'must not be blank');

const position = z
  .int({ error: SOURCE_ERROR })
  .min(1, SOURCE_ERROR)
  .max(POSITION_MAX, SOURCE_ERROR)
  .meta({ override: { format: 'int32' } });

const fieldSource = z.union([headerCell, position], { error: SOURCE_ERROR });

/** The field of a row that has a column's value, by its header cell or by its position from 1; or several that are joined. */
const columnSource = z.union(
  [headerCell, position, z.array(fieldSource).min(1, SOURCE_ERROR).max(JOINED_MAX, SOURCE_ERROR)],
  { error: SOURCE_ERROR },
);

export type ColumnSource = z.output<typeof columnSource>;

const ENCODING_ERROR = `must be one of ${ENCODINGS.join(', ')}, or another name of one of these`;

const encoding = z
  .string({ error: ENCODING_ERROR })
  .max(ENCODING_LABEL_MAX, { error: ENCODING_ERROR, abort: true })
  .transform((label) => encodingNamed(label) ?? label)
  .pipe(z.enum(ENCODINGS, { error: ENCODING_ERROR }));

/** A value that all rows get: one that a row of a file may have. */
function constantFor(column: Column) {
  return z
    .string({ error: 'must be text' })
    .max(CONSTANT_MAX, { error: `must have ${CONSTANT_MAX} characters at most`, abort: true })
    .superRefine((value, context) => {
      for (const message of faultsOfConstant(column, value)) context.addIssue({ code: 'custom', message });
    });
}

function faultsOfConstant(column: Column, value: string): string[] {
  if (column === KEY_COLUMN) return ['tells employees apart, so it cannot be the same in all rows'];
  if (!value.isWellFormed() || /\p{Cc}/u.test(value)) return ['must have no control characters'];
  const { clean, check } = declarationOf(column);
  const cleaned = clean(value);
  return cleaned === '' ? ['must not be blank'] : check(cleaned).map(({ message }) => message);
}

/** Delimiters, and what people type for them where the character itself means something else. */
const DELIMITER_OF = {
  ',': ',',
  ';': ';',
  '\t': '\t',
  '|': '|',
  comma: ',',
  semicolon: ';',
  tab: '\t',
  pipe: '|',
} as const;
const DELIMITER_ERROR = 'must be comma, semicolon, tab or pipe, or one of these characters';

const delimiter = z
  .enum(Object.keys(DELIMITER_OF) as (keyof typeof DELIMITER_OF)[], { error: DELIMITER_ERROR })
  .transform((given) => DELIMITER_OF[given])
  // Says what comes out, for the OpenAPI document.
  .pipe(z.enum([',', ';', '\t', '|']));

const HEADER_LINE_ERROR = `must be a line from 1 to ${HEADER_LINE_MAX}, or 0 for a file without a header`;

const headerLine = z
  .int({ error: HEADER_LINE_ERROR })
  .min(0, HEADER_LINE_ERROR)
  .max(HEADER_LINE_MAX, HEADER_LINE_ERROR)
  .meta({ override: { format: 'int32' } });

function strictObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `has no member ${shownNames(issue.keys)}` : 'must be a JSON object',
  });
}

/** Of names that nobody knows, as much as a person reads. */
function shownNames(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => name.slice(0, 100).toWellFormed());
  return shown.join(', ') + (names.length > shown.length ? ` and ${names.length - shown.length} more` : '');
}

/**
 * What somebody states about how a file is to be read, where the file does not say it or says it in its own way. What is not
 * stated is detected.
 */
export const importSettingsSchema = strictObject({
  columns: strictObject(byColumn(() => columnSource.optional()))
    .optional()
    .describe('For each column the header cell or the position, from 1, of its field; or several fields to be joined.'),
  constants: strictObject(byColumn((column) => constantFor(column).optional()))
    .optional()
    .describe('For a column one value for all rows.'),
  encoding: encoding.optional().describe('The encoding, by a label of the WHATWG Encoding Standard.'),
  delimiter: delimiter.optional().describe('What stands between fields.'),
  headerLine: headerLine.optional().describe('The line of the header, from 1; 0: the file has none.'),
})
  .superRefine(({ columns = {}, constants = {}, headerLine }, context) => {
    for (const column of COLUMNS) {
      if (columns[column] !== undefined && constants[column] !== undefined)
        context.addIssue({ code: 'custom', path: ['constants', column], message: 'is stated in columns as well' });
      if (headerLine === 0 && [columns[column]].flat().some((source) => typeof source === 'string'))
        context.addIssue({
          code: 'custom',
          path: ['columns', column],
          message: 'must be a position: headerLine 0 says that there is no header',
        });
    }
  })
  .meta({ id: 'ImportSettings' });

export type ImportSettings = z.output<typeof importSettingsSchema>;
