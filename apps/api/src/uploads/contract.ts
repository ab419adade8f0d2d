import { UPLOAD_STATUSES } from '@rowferry/database';
import { z } from 'zod';
import { linkHeader, pageOf } from '../contract/pages.ts';
import { defineRoute } from '../contract/route.ts';
import { dryRunSchema } from '../dry-run/schema.ts';
import { flag, idParameters, pageParameters } from '../http/parameters.ts';
import { IDEMPOTENCY_PROBLEMS, idempotencyHeader } from '../idempotency/idempotency.ts';
import { uploadSchema } from './upload-schema.ts';

/** The multipart field of the file. */
export const FILE_FIELD = 'employee_data';

export const acceptedHeaders = z.object({
  Location: z.string().max(200).describe('Where to follow the upload.'),
  'Retry-After': z.string().max(10).describe('Seconds after which asking there is worth while.'),
});

export const sendFile = defineRoute({
  method: 'post',
  path: '/v1/employee-data-upload',
  operationId: 'sendFile',
  tag: 'Uploads',
  summary: 'Send a CSV file of employees',
  description:
    'The answer comes when the file is stored; its rows land afterwards. Follow them at `Location`. With `dryRun=true` nothing is ' +
    'stored or written: the answer says how the file is read, and the numbers that an upload of it would end with if it came now.',
  scope: 'upload',
  parameters: {
    query: z.object({ dryRun: flag().describe('Only say what would become of the file.') }),
    header: z.object(idempotencyHeader),
  },
  body: {
    contentType: 'multipart/form-data',
    schema: z.object({
      [FILE_FIELD]: z.file().meta({
        description: 'The file.',
        override: { type: 'string', format: 'binary', maxLength: Number.MAX_SAFE_INTEGER },
      }),
    }),
  },
  answers: {
    200: { description: 'What would become of the file: the answer to a dry run.', schema: dryRunSchema },
    202: { description: 'The file is stored.', schema: uploadSchema, headers: acceptedHeaders },
  },
  problems: [
    'no_file',
    'unexpected_field',
    'too_many_files',
    'malformed_multipart',
    'not_multipart',
    'not_csv',
    'file_too_large',
    'busy',
    ...IDEMPOTENCY_PROBLEMS,
  ],
});

export const listUploads = defineRoute({
  method: 'get',
  path: '/v1/uploads',
  operationId: 'listUploads',
  tag: 'Uploads',
  summary: 'List uploads, newest first',
  description: 'With `status`, only those that have it; of them, 10,000 are counted at most.',
  scope: 'read',
  parameters: {
    query: z.object({
      ...pageParameters,
      status: z.enum(UPLOAD_STATUSES, { error: `must be one of ${UPLOAD_STATUSES.join(', ')}` }).optional(),
    }),
  },
  answers: { 200: { description: 'One page of uploads.', schema: pageOf(uploadSchema), headers: linkHeader } },
  problems: [],
});

export const showUpload = defineRoute({
  method: 'get',
  path: '/v1/uploads/{id}',
  operationId: 'showUpload',
  tag: 'Uploads',
  summary: 'Show an upload',
  description: 'Its status, how far it is and what became of its rows.',
  scope: 'read',
  parameters: { path: idParameters },
  answers: { 200: { description: 'The upload.', schema: uploadSchema } },
  problems: ['upload_not_found'],
});
