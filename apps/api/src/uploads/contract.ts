import { UPLOAD_STATUSES } from '@rowferry/database';
import { importSettingsSchema, PROFILE_NAME_MAX } from '@rowferry/messages';
import { z } from 'zod';
import { linkHeader, PAGINATION_EXAMPLE, pageOf } from '../contract/answers.ts';
import { textField } from '../contract/fields.ts';
import { defineRoute } from '../contract/route.ts';
import { idParameters, pageParameters } from '../http/parameters.ts';
import { COMPLETED_UPLOAD, FAILED_UPLOAD } from './examples.ts';
import { uploadSchema } from './schema.ts';

export const acceptedHeaders = z.object({
  Location: z.string().max(200).describe('Where to follow the upload.'),
  'Retry-After': z.string().max(10).describe('Seconds after which to ask there first.'),
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
  answers: {
    200: {
      description: 'One page of uploads.',
      schema: pageOf(uploadSchema),
      example: { data: [FAILED_UPLOAD, COMPLETED_UPLOAD], pagination: PAGINATION_EXAMPLE },
      headers: linkHeader,
    },
  },
  problems: [],
});

export const showUploadSettings = defineRoute({
  method: 'get',
  path: '/v1/uploads/{id}/settings',
  operationId: 'showUploadSettings',
  tag: 'Uploads',
  summary: 'Show what an upload is read by',
  description:
    'The import settings that were stated, or those that its profile had then; `{}` where nothing was stated.',
  scope: 'read',
  parameters: { path: idParameters },
  answers: {
    200: {
      description: 'What it is read by.',
      schema: z
        .object({
          profile: textField(PROFILE_NAME_MAX).nullable().describe('The profile that was named.'),
          settings: importSettingsSchema
            .nullable()
            .describe('Null where they are not known: the file is not there yet, or not any more.'),
        })
        .meta({ id: 'UploadSettings' }),
      example: { profile: null, settings: { constants: { company_name: 'Acme, Inc.' } } },
    },
  },
  problems: ['upload_not_found'],
});

export const showUpload = defineRoute({
  method: 'get',
  path: '/v1/uploads/{id}',
  operationId: 'showUpload',
  tag: 'Uploads',
  summary: 'Show an upload',
  description: 'Its status, its progress and the outcomes of its rows.',
  scope: 'read',
  parameters: { path: idParameters },
  answers: { 200: { description: 'The upload.', schema: uploadSchema, example: COMPLETED_UPLOAD } },
  problems: ['upload_not_found'],
});
