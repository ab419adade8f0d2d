import { CONCURRENCY_DEFAULT, CONCURRENCY_MAX, PREFIX_MAX } from '@rowferry/backfill';
import { BACKFILL_FILE_STATES, BACKFILL_STATUSES } from '@rowferry/database';
import { PROFILE_NAME_MAX } from '@rowferry/messages';
import { byOutcome } from '@rowferry/roster';
import { z } from 'zod';
import { linkHeader, PAGINATION_EXAMPLE, pageOf } from '../contract/answers.ts';
import { idField, momentField, textField, wholeNumberField } from '../contract/fields.ts';
import { defineRoute } from '../contract/route.ts';
import { pageParameters } from '../http/parameters.ts';
import { UUID_LENGTH } from '../limits.ts';

const CODE_MAX = 64;
const DETAIL_MAX = 10_000;

const backfillParameters = z.object({
  backfillId: z
    .uuid({ error: 'must be a UUID' })
    .max(UUID_LENGTH, 'must be a UUID')
    .describe('The id of the backfill.'),
});

const reasonSchema = z
  .object({ code: textField(CODE_MAX), detail: textField(DETAIL_MAX) })
  .meta({ id: 'BackfillReason' });

const backfillSchema = z
  .object({
    id: idField,
    prefix: textField(PREFIX_MAX),
    profile: textField(PROFILE_NAME_MAX)
      .nullable()
      .describe('The import profile by which all files are read, as it was when the backfill began.'),
    concurrency: wholeNumberField.describe('Files that are under way at the same time, about.'),
    status: z
      .enum(BACKFILL_STATUSES)
      .describe('`completed_with_errors`: some files have failed; `failed`: it ended before its files had.'),
    listed: z.boolean().describe('Whether all objects below the prefix are known. Until then the counts grow.'),
    files: z
      .object({
        waiting: wholeNumberField,
        running: wholeNumberField,
        done: wholeNumberField.describe('Every row has an outcome, be it rejected.'),
        failed: wholeNumberField,
        skipped: wholeNumberField.describe('Empty, too large, or gone before they were loaded.'),
      })
      .describe('New and changed objects.'),
    unchanged: wholeNumberField.describe('Objects that an earlier backfill has loaded, or another one is loading.'),
    rows: z
      .object(byOutcome(() => wholeNumberField))
      .describe('Rows of all files by outcome, so far, or when it ended.'),
    failure: reasonSchema.nullable().describe('Why it failed.'),
    createdAt: momentField,
    finishedAt: momentField.nullable(),
  })
  .meta({ id: 'Backfill' });

const ID = '019a2216-4b00-7c41-9d2e-5f6a8b3c1d71';

const RUNNING = {
  id: ID,
  prefix: 'incoming/2026/',
  profile: 'payroll',
  concurrency: CONCURRENCY_DEFAULT,
  status: 'running',
  listed: true,
  files: { waiting: 120, running: 4, done: 71, failed: 1, skipped: 0 },
  unchanged: 12,
  rows: { ...byOutcome(() => 0), inserted: 40_312, rejected: 17 },
  failure: null,
  createdAt: '2026-11-28T09:30:00.000Z',
  finishedAt: null,
} satisfies z.input<typeof backfillSchema>;

const bodySchema = z
  .object(
    {
      prefix: z
        .string({ error: 'must be text' })
        .min(1, 'must not be empty')
        .max(PREFIX_MAX, `must have ${PREFIX_MAX} characters at most`)
        .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must have no character that no key has')
        .describe('What the keys of the objects begin with, such as `incoming/`.'),
      profile: z
        .string({ error: 'must be text' })
        .min(1, 'must not be empty')
        .max(PROFILE_NAME_MAX, `must have ${PROFILE_NAME_MAX} characters at most`)
        .optional()
        .describe('The name of a stored import profile, by which all files are read.'),
      concurrency: z
        .int({ error: `must be a whole number from 1 to ${CONCURRENCY_MAX}` })
        .min(1, `must be a whole number from 1 to ${CONCURRENCY_MAX}`)
        .max(CONCURRENCY_MAX, `must be a whole number from 1 to ${CONCURRENCY_MAX}`)
        .optional()
        .meta({ override: { format: 'int32' } })
        .describe(`Files that are under way at the same time. Default: ${CONCURRENCY_DEFAULT}.`),
    },
    { error: 'must be a JSON object' },
  )
  .strict()
  .meta({ id: 'NewBackfill' });

const locationHeader = z.object({ Location: textField(200).describe('The backfill.') });

export const createBackfill = defineRoute({
  method: 'post',
  path: '/v1/backfills',
  operationId: 'createBackfill',
  tag: 'Backfills',
  summary: 'Load a folder of files',
  description:
    'Every object of the bucket below the prefix becomes an upload, so many at a time. Objects that an earlier backfill has loaded ' +
    'and that have not changed are left out. While a backfill of the prefix is running, the answer is that one.',
  scope: 'operate',
  body: { contentType: 'application/json', schema: bodySchema },
  answers: {
    200: {
      description: 'A backfill of the prefix is running already: this one.',
      schema: backfillSchema,
      example: RUNNING,
      headers: locationHeader,
    },
    202: {
      description: 'The backfill begins.',
      schema: backfillSchema,
      example: {
        ...RUNNING,
        listed: false,
        files: { waiting: 0, running: 0, done: 0, failed: 0, skipped: 0 },
        unchanged: 0,
        rows: byOutcome(() => 0),
      } satisfies z.input<typeof backfillSchema>,
      headers: locationHeader,
    },
  },
  problems: ['backfill_running', 'prefix_not_allowed', 'empty_prefix', 'unknown_profile'],
});

export const listBackfills = defineRoute({
  method: 'get',
  path: '/v1/backfills',
  operationId: 'listBackfills',
  tag: 'Backfills',
  summary: 'List backfills, newest first',
  description: 'Those of schedules are among them.',
  scope: 'read',
  parameters: { query: z.object(pageParameters) },
  answers: {
    200: {
      description: 'One page of backfills.',
      schema: pageOf(backfillSchema),
      example: { data: [RUNNING], pagination: { ...PAGINATION_EXAMPLE, total: 1 } },
      headers: linkHeader,
    },
  },
  problems: [],
});

export const showBackfill = defineRoute({
  method: 'get',
  path: '/v1/backfills/{backfillId}',
  operationId: 'showBackfill',
  tag: 'Backfills',
  summary: 'Show how far a backfill has come',
  description: 'Files by state, and their rows by outcome.',
  scope: 'read',
  parameters: { path: backfillParameters },
  answers: { 200: { description: 'The backfill.', schema: backfillSchema, example: RUNNING } },
  problems: ['backfill_not_found'],
});

const fileSchema = z
  .object({
    key: textField(PREFIX_MAX),
    sizeBytes: wholeNumberField,
    lastModified: momentField.describe('When the object came into the bucket: its upload counts as received then.'),
    state: z.enum(BACKFILL_FILE_STATES),
    reason: reasonSchema
      .nullable()
      .describe('Why it failed or was skipped: the code of the upload’s failure, or one of the backfill.'),
    uploadId: idField.nullable().describe('The upload that it is. Null before it is copied.'),
  })
  .meta({ id: 'BackfillFile' });

const FAILED_FILE = {
  key: 'incoming/2026/logo.csv',
  sizeBytes: 48_211,
  lastModified: '2026-11-27T22:00:04.000Z',
  state: 'failed',
  reason: { code: 'not_csv', detail: 'The file is not CSV text; it looks like a PNG image.' },
  uploadId: '019a2216-4b00-7c41-9d2e-5f6a8b3c1d70',
} satisfies z.input<typeof fileSchema>;

export const listBackfillFiles = defineRoute({
  method: 'get',
  path: '/v1/backfills/{backfillId}/files',
  operationId: 'listBackfillFiles',
  tag: 'Backfills',
  summary: 'List the files of a backfill',
  description:
    'In the order in which they came into the bucket. With `state=failed`: those that were not loaded, each with the reason.',
  scope: 'read',
  parameters: {
    path: backfillParameters,
    query: z.object({
      ...pageParameters,
      state: z
        .enum(BACKFILL_FILE_STATES, { error: `must be one of ${BACKFILL_FILE_STATES.join(', ')}` })
        .optional()
        .describe('Only files in this state.'),
    }),
  },
  answers: {
    200: {
      description: 'One page of files.',
      schema: pageOf(fileSchema),
      example: { data: [FAILED_FILE], pagination: { ...PAGINATION_EXAMPLE, total: 1 } },
      headers: linkHeader,
    },
  },
  problems: ['backfill_not_found'],
});
