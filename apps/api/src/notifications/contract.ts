import { SEVERITIES } from '@rowferry/messages';
import { z } from 'zod';
import { linkHeader, PAGINATION_EXAMPLE, pageOf } from '../contract/answers.ts';
import { idField, momentField, textField, wholeNumberField } from '../contract/fields.ts';
import { defineRoute } from '../contract/route.ts';
import { documentedAs, pageParameters } from '../http/parameters.ts';

const TYPE_MAX = 100;
const DATA_NAME_MAX = 100;
const SEQUENCE_ERROR = 'must be the sequence of a notification';
/** Below 2^53, so that JSON carries it exactly. */
const SEQUENCE_MAX = 999_999_999_999_999;

const notificationSchema = z
  .object({
    sequence: wholeNumberField.describe(
      'Rises with each notification; for `after`, and for saying up to where one has read.',
    ),
    id: idField.describe('Of the event; the same as webhooks and queues have.'),
    type: textField(TYPE_MAX).describe('What happened: `upload.completed`, …. There may be more in a later version.'),
    severity: z.enum(SEVERITIES).describe('`alert`: stays wrong until somebody acts.'),
    time: momentField.describe('When it happened.'),
    data: z
      .record(z.string().max(DATA_NAME_MAX), z.unknown())
      .describe('Ids, counts, codes, and a `link` to the API. /asyncapi.json has it by type.'),
    read: z.boolean().describe('Whether the caller has read it.'),
  })
  .meta({ id: 'Notification' });

const EXAMPLE = {
  sequence: 17,
  id: '019ac8a1-5f3e-7c52-9d0e-4b8f2a6d1c07',
  type: 'upload.failed',
  severity: 'alert',
  time: '2026-11-28T09:30:02.117Z',
  data: {
    uploadId: '019a2216-4b00-7c41-9d2e-5f6a8b3c1d70',
    code: 'empty_file',
    link: '/v1/uploads/019a2216-4b00-7c41-9d2e-5f6a8b3c1d70',
  },
  read: false,
} satisfies z.input<typeof notificationSchema>;

export const listNotifications = defineRoute({
  method: 'get',
  path: '/v1/notifications',
  operationId: 'listNotifications',
  tag: 'Notifications',
  summary: 'List what has happened, newest first',
  description:
    'Every event of the last 90 days: ends of uploads, uploads that stalled, rows that are dead, webhooks that were disabled. `unread` is ' +
    'of the same filter, and of the caller: what one key has read, another has not. Without keys, all of this machine are one caller.',
  scope: 'read',
  parameters: {
    query: z.object({
      ...pageParameters,
      severity: z
        .enum(SEVERITIES, { error: `must be one of ${SEVERITIES.join(', ')}` })
        .optional()
        .describe('Only notifications of this severity.'),
      after: z
        .string({ error: SEQUENCE_ERROR })
        .regex(/^\d{1,15}$/, SEQUENCE_ERROR)
        .transform(Number)
        .default(0)
        .describe('Only notifications that came later than the one with this `sequence`.')
        .meta(documentedAs({ type: 'integer', format: 'int64', minimum: 0, maximum: SEQUENCE_MAX, default: 0 })),
    }),
  },
  answers: {
    200: {
      description: 'One page of notifications.',
      schema: pageOf(notificationSchema).extend({
        unread: wholeNumberField.describe('How many the caller has not read.'),
      }),
      example: { data: [EXAMPLE], pagination: { ...PAGINATION_EXAMPLE, total: 1 }, unread: 1 },
      headers: linkHeader,
    },
  },
  problems: [],
});

export const markNotificationsRead = defineRoute({
  method: 'put',
  path: '/v1/notifications/read-up-to',
  operationId: 'markNotificationsRead',
  tag: 'Notifications',
  summary: 'Say up to where one has read',
  description:
    'Of the caller, that notification and all that came before it count as read. It never goes back. Calling it again returns the same answer.',
  scope: 'read',
  body: {
    contentType: 'application/json',
    schema: z
      .strictObject(
        {
          sequence: z
            .int({ error: SEQUENCE_ERROR })
            .min(0, SEQUENCE_ERROR)
            .max(SEQUENCE_MAX, SEQUENCE_ERROR)
            .describe('That of the last notification that was read.')
            .meta({ override: { format: 'int64' } }),
        },
        { error: 'must be a JSON object' },
      )
      .meta({ id: 'ReadUpTo' }),
  },
  answers: { 204: { description: 'It is noted.' } },
  problems: [],
});
