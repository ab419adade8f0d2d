import { FILE_NAME_MAX, importSettingsSchema, presentableFileName, profileNameSchema } from '@rowferry/messages';
import { z } from 'zod';
import { momentField, textField, wholeNumberField } from '../../contract/fields.ts';
import { defineRoute } from '../../contract/route.ts';
import { idParameters } from '../../http/parameters.ts';
import { IDEMPOTENCY_PROBLEMS, idempotencyHeader } from '../../idempotency/idempotency.ts';
import { PARTS_MAX } from '../../limits.ts';
import { acceptedHeaders } from '../contract.ts';
import { RECEIVED_UPLOAD } from '../examples.ts';
import { uploadSchema } from '../schema.ts';

const URL_MAX = 8192;
const ETAG_MAX = 200;
/** The largest object of S3, 5 TiB. */
const SIZE_MAX = 5 * 1024 ** 4;

const planSchema = z
  .object({
    upload: uploadSchema,
    parts: z
      .array(
        z.object({
          partNumber: wholeNumberField,
          sizeBytes: wholeNumberField.describe('Exactly this many bytes of the file, from the end of the part before.'),
          url: textField(URL_MAX).describe('Where to PUT them; the answer’s `ETag` header is to be kept.'),
          etag: textField(ETAG_MAX)
            .nullable()
            .describe('The ETag of the part that S3 has already, which is not to be sent again; null otherwise.'),
        }),
      )
      .max(PARTS_MAX),
    expiresAt: momentField.describe('Until when the parts must be in S3 and reported.'),
    completeUrl: textField(URL_MAX).describe('Where to report that all parts are in S3.'),
  })
  .meta({ id: 'UploadPlan' });

const PLANNED_UPLOAD = { ...RECEIVED_UPLOAD, status: 'receiving', sizeBytes: 734_003_200, receivedAt: null } as const;

/** @param etag of its first part; null: that is not in S3 yet */
function examplePlan(etag: string | null): z.input<typeof planSchema> {
  return {
    upload: PLANNED_UPLOAD,
    parts: [
      {
        partNumber: 1,
        sizeBytes: 8_388_608,
        url: 'https://uploads.s3.eu-central-1.amazonaws.com/uploads/019a2216-4b00-7c41-9d2e-5f6a8b3c1d70/staff.csv?partNumber=1&uploadId=2~x&X-Amz-Signature=…',
        etag,
      },
    ],
    expiresAt: '2026-11-29T09:30:00.000Z',
    completeUrl: `/v1/uploads/${RECEIVED_UPLOAD.id}/complete`,
  };
}

export const showLimits = defineRoute({
  method: 'get',
  path: '/v1/limits',
  operationId: 'showLimits',
  tag: 'Uploads',
  summary: 'How large files may be, and how to send large ones',
  description: 'For clients that choose between the form and the way straight to S3, as the console does.',
  scope: null,
  answers: {
    200: {
      description: 'The limits of this server.',
      schema: z
        .object({
          maxFileBytes: wholeNumberField.describe('The largest file that is taken.'),
          partsFromBytes: wholeNumberField
            .nullable()
            .describe(
              'From which size on to send a file straight to S3; null where the caller’s browser cannot reach it.',
            ),
        })
        .meta({ id: 'Limits' }),
      example: { maxFileBytes: 1_073_741_824, partsFromBytes: 104_857_600 },
    },
  },
  problems: [],
});

export const planUpload = defineRoute({
  method: 'post',
  path: '/v1/uploads',
  operationId: 'planUpload',
  tag: 'Uploads',
  summary: 'Begin to send a large file straight to S3',
  description:
    'Answers where to PUT the parts of the file, in any order and several at a time. When all are there, complete the ' +
    'upload; the parts of one that is not completed in time are removed.',
  scope: 'upload',
  parameters: { header: z.object(idempotencyHeader) },
  body: {
    contentType: 'application/json',
    schema: z
      .strictObject(
        {
          fileName: z
            .string({ error: 'must be text' })
            .min(1, 'must not be empty')
            .max(FILE_NAME_MAX, `must have ${FILE_NAME_MAX} characters at most`)
            .refine((name) => !/\p{Cc}/u.test(name), 'must have no control characters')
            .overwrite(presentableFileName),
          sizeBytes: z
            .int({ error: 'must be a whole number' })
            .min(1, 'must be 1 at least')
            .max(SIZE_MAX, 'must be 5 TiB at most')
            .meta({ override: { format: 'int64' } }),
          settings: importSettingsSchema
            .optional()
            .describe('How the file is to be read, where it does not say it itself.'),
          profile: profileNameSchema
            .optional()
            .describe('The import profile that it is to be read by, in place of settings.'),
        },
        {
          error: (issue) =>
            issue.code === 'unrecognized_keys' ? `has no member ${issue.keys.join(', ')}` : 'must be a JSON object',
        },
      )
      .refine(({ settings, profile }) => settings === undefined || profile === undefined, {
        path: ['profile'],
        error: 'goes with no settings',
      })
      .meta({ id: 'NewUpload' }),
  },
  answers: {
    201: {
      description: 'The upload waits for its parts.',
      schema: planSchema,
      example: examplePlan(null),
      headers: z.object({ Location: acceptedHeaders.shape.Location }),
    },
  },
  problems: ['file_too_large', 'unknown_profile', ...IDEMPOTENCY_PROBLEMS],
});

export const showParts = defineRoute({
  method: 'get',
  path: '/v1/uploads/{id}/parts',
  operationId: 'showParts',
  tag: 'Uploads',
  summary: 'Which parts of a large file are in S3, and where to send the others',
  description:
    'For a client that broke off, or whose URLs have expired: the plan with new URLs. Credentials without the scope `read` are ' +
    'answered nothing of the file.',
  scope: 'upload',
  parameters: { path: idParameters },
  answers: {
    200: {
      description: 'The upload waits for the parts without an ETag.',
      schema: planSchema,
      example: examplePlan('9b2cf535f27731c974343645a3985328'),
    },
  },
  problems: ['upload_not_found', 'upload_closed'],
});

export const abandonUpload = defineRoute({
  method: 'delete',
  path: '/v1/uploads/{id}/parts',
  operationId: 'abandonUpload',
  tag: 'Uploads',
  summary: 'Give up sending a large file',
  description: 'Its parts are removed, and the upload is forgotten. One that has its file stays as it is.',
  scope: 'upload',
  parameters: { path: idParameters },
  answers: { 204: { description: 'The upload is forgotten.' } },
  problems: ['upload_not_found', 'upload_closed'],
});

export const completeUpload = defineRoute({
  method: 'post',
  path: '/v1/uploads/{id}/complete',
  operationId: 'completeUpload',
  tag: 'Uploads',
  summary: 'Report that all parts of a file are in S3',
  description:
    'From here on it is an upload like any other. Calling it again returns the same answer. Credentials without the scope ' +
    '`read` are answered its id and status, and nothing of its file.',
  scope: 'upload',
  parameters: { path: idParameters },
  body: {
    contentType: 'application/json',
    schema: z
      .strictObject(
        {
          parts: z
            .array(
              z.strictObject({
                partNumber: z
                  .int({ error: 'must be a whole number' })
                  .min(1, 'must be 1 at least')
                  .max(PARTS_MAX, `must be ${PARTS_MAX} at most`)
                  .meta({ override: { format: 'int32' } }),
                etag: z
                  .string({ error: 'must be text' })
                  .max(ETAG_MAX, `must have ${ETAG_MAX} characters at most`)
                  .regex(/^[\x20-\x7e]+$/, 'must be the ETag that S3 answered'),
              }),
              { error: 'must be a list of parts' },
            )
            .max(PARTS_MAX, `must have ${PARTS_MAX} parts at most`)
            .describe('Every part with the ETag that S3 answered to it, in any order.'),
        },
        {
          error: (issue) =>
            issue.code === 'unrecognized_keys' ? `has no member ${issue.keys.join(', ')}` : 'must be a JSON object',
        },
      )
      .meta({ id: 'SentParts' }),
  },
  answers: {
    202: {
      description: 'The file is stored.',
      schema: uploadSchema,
      example: RECEIVED_UPLOAD,
      headers: acceptedHeaders,
    },
  },
  problems: ['upload_not_found', 'parts_missing', 'size_mismatch', 'upload_closed'],
});
