import { z } from 'zod';
import { FILE_LENGTH_MAX } from '../../contract/fields.ts';
import { defineRoute } from '../../contract/route.ts';
import { flag } from '../../http/parameters.ts';
import { IDEMPOTENCY_PROBLEMS, idempotencyHeader } from '../../idempotency/idempotency.ts';
import { settingsParameters } from '../../import-settings/parameters.ts';
import { acceptedHeaders } from '../contract.ts';
import { FILE_FIELD, UNREADABLE_PROBLEMS } from '../csv-form.ts';
import { DRY_RUN_EXAMPLE, dryRunSchema } from '../dry-run/resource.ts';
import { RECEIVED_UPLOAD } from '../examples.ts';
import { uploadSchema } from '../schema.ts';

export const sendFile = defineRoute({
  method: 'post',
  path: '/v1/employee-data-upload',
  operationId: 'sendFile',
  tag: 'Uploads',
  summary: 'Send a CSV file of employees',
  description:
    'The answer comes when the file is stored; its rows are imported afterwards. Follow them at `Location`. A file that cannot be read, ' +
    'as far as its first 64 KiB tell, is refused and not stored. With `dryRun=true` nothing is ' +
    'stored or written: the answer says how the file is read, and the numbers that an upload of it would end with if it came now. ' +
    'How the file is to be read can be stated, in the query or in fields of the form, which must come before the file.',
  scope: 'upload',
  parameters: {
    query: z.object({
      dryRun: flag().describe('Only report what an upload of the file would result in.'),
      ...settingsParameters,
    }),
    header: z.object(idempotencyHeader),
  },
  body: {
    contentType: 'multipart/form-data',
    schema: z.object({
      ...settingsParameters,
      [FILE_FIELD]: z.file().meta({
        description: 'The file.',
        override: { type: 'string', format: 'binary', maxLength: FILE_LENGTH_MAX },
      }),
    }),
  },
  answers: {
    200: { description: 'The result of a dry run.', schema: dryRunSchema, example: DRY_RUN_EXAMPLE },
    202: {
      description: 'The file is stored.',
      schema: uploadSchema,
      example: RECEIVED_UPLOAD,
      headers: acceptedHeaders,
    },
  },
  problems: [
    'invalid_settings',
    'unknown_profile',
    'field_after_file',
    'no_file',
    'unexpected_field',
    'too_many_files',
    'malformed_multipart',
    'not_multipart',
    ...UNREADABLE_PROBLEMS,
    'file_too_large',
    'busy',
    'request_timeout',
    ...IDEMPOTENCY_PROBLEMS,
  ],
});
