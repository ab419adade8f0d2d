import { byColumn, COLUMNS, declarationOf, FAILED_OUTCOMES, LISTED_OUTCOMES } from '@rowferry/roster';
import { z } from 'zod';
import { csvAnswer, linkHeader, PAGINATION_EXAMPLE, pageOf } from '../contract/answers.ts';
import { idField, momentField, rowErrorsField, textField, wholeNumberField } from '../contract/fields.ts';
import { defineRoute } from '../contract/route.ts';
import { idParameters, pageParameters } from '../http/parameters.ts';

const FIELDS_MAX = 256;
const VALUE_MAX = 8192;

const value = textField(VALUE_MAX);

const supersedingRowSchema = z.object({
  uploadId: idField,
  fileName: textField(1024).nullable().describe('Null where the upload is not known.'),
  line: wholeNumberField,
});

const failedRowSchema = z
  .object({
    uploadId: idField,
    line: wholeNumberField.describe('The physical line of the file on which the row starts, from 1, header included.'),
    outcome: z
      .enum(LISTED_OUTCOMES)
      .describe(
        '`rejected`: to be corrected in the file; `dead`: to be redriven; `superseded`: another row with the same e-mail won.',
      ),
    attempts: wholeNumberField.describe('Attempts to write it.'),
    raw: z
      .union([z.partialRecord(z.enum(COLUMNS), value.nullable()), z.array(value).max(FIELDS_MAX), value])
      .describe(
        'The values by column; the fields where they do not fit the columns; the text where there are no fields.',
      ),
    errors: rowErrorsField.describe('Why it was not written; none of a superseded row.'),
    supersededBy: supersedingRowSchema
      .nullable()
      .describe(
        'Of a superseded row: the row that the employee has now, of the same file or of one that was received later. ' +
          'Null: the employee has been deleted since; or the row is not superseded.',
      ),
    recordedAt: momentField,
  })
  .meta({ id: 'FailedRow' });

const UPLOAD_ID = '019a2216-4b00-7c41-9d2e-5f6a8b3c1d70';
const VALUES = byColumn((column) => declarationOf(column).examples[0]);

const REJECTED_ROW = {
  uploadId: UPLOAD_ID,
  line: 19,
  outcome: 'rejected',
  attempts: 1,
  raw: { ...VALUES, email: 'jane.doe' },
  errors: [{ code: 'email_without_at', column: 'email', message: 'email has no @' }],
  supersededBy: null,
  recordedAt: '2026-11-28T09:30:00.871Z',
} satisfies z.input<typeof failedRowSchema>;

const DEAD_ROW = {
  ...REJECTED_ROW,
  line: 240,
  outcome: 'dead',
  attempts: 5,
  raw: VALUES,
  errors: [{ code: 'delivery_failed', column: null, message: 'could not be written in 5 attempts' }],
} satisfies z.input<typeof failedRowSchema>;

const outcome = z
  .enum(LISTED_OUTCOMES, { error: `must be one of ${LISTED_OUTCOMES.join(', ')}` })
  .optional()
  .describe(
    'Only rows with this outcome. Without it rejected and dead rows: superseded ones have not failed, and are listed on request.',
  );

const page = {
  200: {
    description: 'One page of failed rows, in order of upload and line.',
    schema: pageOf(failedRowSchema),
    example: { data: [REJECTED_ROW, DEAD_ROW], pagination: PAGINATION_EXAMPLE },
    headers: linkHeader,
  },
};

export const listFailedRows = defineRoute({
  method: 'get',
  path: '/v1/failed-rows',
  operationId: 'listFailedRows',
  tag: 'Failed rows',
  summary: 'List rows that were not written',
  description:
    'Rows of all uploads, or of one, that were rejected or are dead, each with the reasons. With `outcome=superseded`: the rows ' +
    'that another row with the same e-mail won over, each with that row.',
  scope: 'read',
  parameters: {
    query: z.object({
      ...pageParameters,
      uploadId: idParameters.shape.id.optional().describe('Only rows of this upload.'),
      outcome,
    }),
  },
  answers: page,
  problems: [],
});

export const listFailedRowsOfUpload = defineRoute({
  method: 'get',
  path: '/v1/uploads/{id}/failed-rows',
  operationId: 'listFailedRowsOfUpload',
  tag: 'Failed rows',
  summary: 'List the rows of an upload that were not written',
  description:
    'Rows of the upload that were rejected or are dead, each with the reasons, in order of line. With `outcome=superseded`: the ' +
    'rows that another row with the same e-mail won over, each with that row.',
  scope: 'read',
  parameters: { path: idParameters, query: z.object({ ...pageParameters, outcome }) },
  answers: page,
  problems: ['upload_not_found'],
});

const DOWNLOAD_OUTCOMES = [...FAILED_OUTCOMES, 'all', 'superseded'] as const;

export const downloadFailedRows = defineRoute({
  method: 'get',
  path: '/v1/uploads/{id}/failed-rows.csv',
  operationId: 'downloadFailedRows',
  tag: 'Failed rows',
  summary: 'Download the failed rows of an upload, to correct them',
  description:
    'A CSV file with the columns of the uploaded file as they are there, then `line`, `error_code` and `error`. Correct it and ' +
    'upload it again: the columns that were added are ignored. Cells that a spreadsheet would run as a formula begin with ' +
    'an apostrophe, which is taken off again. Dead rows need no correction: redrive them, or ask for them here. Superseded ' +
    'rows are a file of their own, of which `error` names the row that won.',
  scope: 'read',
  parameters: {
    path: idParameters,
    query: z.object({
      outcome: z
        .enum(DOWNLOAD_OUTCOMES, { error: `must be one of ${DOWNLOAD_OUTCOMES.join(', ')}` })
        .default('rejected')
        .describe('Which rows: `rejected`, `dead`, `all` that failed (these two), or `superseded`.'),
    }),
  },
  answers: {
    200: csvAnswer(
      'The rows, in order of line.',
      [...COLUMNS, 'line', 'error_code', 'error'].join(),
      [...Object.values(REJECTED_ROW.raw), 19, 'email_without_at', 'email has no @'].join(),
    ),
  },
  problems: ['upload_not_found', 'busy'],
});

const redriveSchema = z
  .object({
    uploadId: idField,
    rows: wholeNumberField.describe('Dead rows that were sent again.'),
    file: z.boolean().describe('Whether the file itself is read again.'),
  })
  .meta({ id: 'Redrive' });

export const redriveUpload = defineRoute({
  method: 'post',
  path: '/v1/uploads/{id}/redrive',
  operationId: 'redriveUpload',
  tag: 'Failed rows',
  summary: 'Redrive what failed for no fault of the file',
  description:
    'Sends the dead rows of an upload again, and reads its file again when reading failed or the upload has stalled. ' +
    'Rows that were written are not written a second time.',
  scope: 'operate',
  parameters: { path: idParameters },
  answers: {
    202: {
      description: 'Enqueued; the upload shows the progress.',
      schema: redriveSchema,
      example: { uploadId: UPLOAD_ID, rows: 12, file: false } satisfies z.input<typeof redriveSchema>,
      headers: z.object({ Location: textField(200).describe('The upload.') }),
    },
  },
  problems: ['upload_not_found', 'nothing_to_redrive'],
});
