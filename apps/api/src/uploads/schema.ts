import { UPLOAD_STATUSES } from '@rowferry/database';
import { byColumn, COLUMNS, FAILURE_CODES, type Outcome, WARNING_CODES, WARNING_LINES_MAX } from '@rowferry/roster';
import { z } from 'zod';
import { idField, momentField, textField, wholeNumberField } from '../contract/fields.ts';

const countsSchema = z.object({
  inserted: wholeNumberField,
  updated: wholeNumberField,
  unchanged: wholeNumberField,
  superseded: wholeNumberField.describe('A newer version of the employee was in place.'),
  rejected: wholeNumberField.describe('The row itself is bad; the uploader must fix it.'),
  dead: wholeNumberField.describe('Every attempt to write the row failed for no fault of the row; it can be redriven.'),
} satisfies Record<Outcome, z.ZodType>);

const detectedSchema = z.object({
  delimiter: textField(8),
  headerDelimiter: textField(8)
    .optional()
    .describe('That of the header, where it is another than that of the rows: Excel makes such files of a template.'),
  quoting: textField(16)
    .optional()
    .describe(
      "Absent: as RFC 4180 says. `backslash`: as it says, with `\\\"` for a quote. `single`: `'…'`. `typographic`: `“…”`, `„…“`, `«…»`. `whole-line`: each line in one pair of quotes.",
    ),
  encoding: textField(32),
  encodingConfidence: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('How sure the encoding is: 1 where the file or the settings say it, less where it was guessed.'),
  bom: z.boolean(),
  header: z.boolean(),
  headerLine: wholeNumberField.optional().describe('The line of the header, where records stand above it.'),
  skippedLines: wholeNumberField
    .optional()
    .describe('Records above the header, such as a title: they are no rows, and are not counted in `total`.'),
});

const sourceField = textField(100).nullable();

const columnsSchema = z.object(byColumn(() => sourceField));

const failureSchema = z.object({
  code: z.enum(FAILURE_CODES),
  detail: textField(4096),
  columns: z.array(z.enum(COLUMNS)).max(COLUMNS.length).optional(),
});

const warningSchema = z
  .object({
    code: z.enum(WARNING_CODES),
    column: z.enum(COLUMNS).nullable().describe('Null where the file as a whole is meant.'),
    text: textField(4096),
    count: wholeNumberField.describe('How many rows, lines, columns or addresses are meant.'),
    lines: z.array(wholeNumberField).max(WARNING_LINES_MAX).describe('The first lines that are meant.'),
  })
  .meta({ id: 'Warning' });

const senderSchema = z.object({
  kind: z.enum(['key', 'token']).describe('`key`: an API key. `token`: a token of the issuer.'),
  id: textField(1024).describe('Of the key; of a token its subject.'),
  name: textField(1024).nullable().describe('What the key or person was called then; null where a token does not say.'),
});

/** An upload as the API shows it: in the answer to the upload itself, in lists, alone and in events. */
export const uploadSchema = z
  .object({
    id: idField,
    status: z
      .enum(UPLOAD_STATUSES)
      .describe(
        '`receiving`: its parts arrive. `received`: the file is stored. `processing`: rows are imported. `completed`: every row has an outcome. ' +
          '`completed_with_errors`: so it has, and some are rejected or dead. `stalled`: rows are missing, and nothing has happened for one hour. ' +
          '`failed`: the file could not be read; see `failure`.',
      ),
    fileName: textField(1024),
    sizeBytes: wholeNumberField.nullable(),
    receivedAt: momentField
      .nullable()
      .describe(
        'Since when Rowferry has the whole file, by the clock of Postgres. Of two files with the same employee, the row of the file with the later moment stays.',
      ),
    startedAt: momentField.nullable().describe('When the file was read for its format and columns; null until then.'),
    finishedAt: momentField
      .nullable()
      .describe('When the last row had its outcome, or the upload failed; null until then.'),
    total: wholeNumberField
      .nullable()
      .describe('Rows of the file; null until they have been counted, before the first of them is imported.'),
    progress: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('Share of the rows that have an outcome; null while the total is not known.'),
    estimatedSecondsLeft: wholeNumberField
      .nullable()
      .describe(
        'Seconds until every row has an outcome, at the pace since `startedAt`; null while nothing is known of the pace.',
      ),
    counts: countsSchema.describe('Rows by outcome, so far.'),
    detected: detectedSchema.nullable().describe('The format, as detected from the head of the file.'),
    columns: columnsSchema
      .nullable()
      .describe(
        'The header cell that each column is read from, or several with ` + ` between that are joined; null within: the file has no such column, or no header.',
      ),
    ignoredColumns: z
      .array(textField(100))
      .max(100)
      .describe('Columns of the file that Rowferry has no use for, the first hundred.'),
    brokenRecords: wholeNumberField
      .nullable()
      .describe(
        'Records that could not be parsed, such as those with a quote that is never closed; among the rejected.',
      ),
    warnings: z
      .array(warningSchema)
      .max(1000)
      .describe(
        'What was guessed of the file, and values that look damaged, as far as it was read. The rows land all the same.',
      ),
    failure: failureSchema.nullable().describe('Why the file could not be read at all.'),
    duplicateOf: idField
      .nullable()
      .describe(
        'The latest earlier upload of a file with the same bytes; null for credentials without the scope `read`.',
      ),
    sentBy: senderSchema
      .nullable()
      .describe(
        'Whose credentials the file was sent with. Null: with none, or another tool put it into the bucket, or the credentials of ' +
          'this request lack the scope `read`.',
      ),
  })
  .meta({ id: 'Upload' });

export type UploadResource = z.input<typeof uploadSchema>;
