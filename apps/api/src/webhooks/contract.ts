import { SHOWN_ATTEMPTS_MAX } from '@rowferry/database';
import { EVENT_TYPE_NAMES } from '@rowferry/messages';
import { ATTEMPT_ERRORS, type AttemptError, WEBHOOK_URL_MAX } from '@rowferry/webhooks';
import { z } from 'zod';
import { linkHeader, PAGINATION_EXAMPLE, pageOf } from '../contract/answers.ts';
import { idField, momentField, textField, wholeNumberField } from '../contract/fields.ts';
import { defineRoute } from '../contract/route.ts';
import { pageParameters } from '../http/parameters.ts';
import { UUID_LENGTH } from '../limits.ts';

const DESCRIPTION_MAX = 200;
const TYPE_MAX = 64;
const SECRET_MAX = 100;
const TYPES_ERROR = `must be a list of one or more of ${EVENT_TYPE_NAMES.join(', ')}`;
const TYPE_ERROR = `must be one of ${EVENT_TYPE_NAMES.join(', ')}`;
const URL_ERROR = `must be a URL of up to ${WEBHOOK_URL_MAX} characters`;
const DESCRIPTION_ERROR = `must be one line of up to ${DESCRIPTION_MAX} characters`;

const idParameter = (what: string) =>
  z.uuid({ error: 'must be a UUID' }).max(UUID_LENGTH, 'must be a UUID').describe(`The id of the ${what}.`);

const webhookParameters = z.object({ webhookId: idParameter('webhook') });

const typesField = z.array(textField(TYPE_MAX)).max(EVENT_TYPE_NAMES.length);

const webhookSchema = z
  .object({
    id: idField,
    url: textField(WEBHOOK_URL_MAX),
    types: typesField.describe('The types of events that it is called for.'),
    description: textField(DESCRIPTION_MAX).nullable(),
    createdAt: momentField,
    lastDeliveredAt: momentField.nullable().describe('When it last took an event; null: never yet.'),
    disabledAt: momentField.nullable().describe('Since when it is not called; null while it is.'),
    disabledReason: z
      .enum(['gone', 'failing'])
      .nullable()
      .describe('`gone`: it answered 410; `failing`: every attempt of a day failed.'),
    previousSecretUntil: momentField
      .nullable()
      .describe('Until then the previous secret signs as well; null: it does not.'),
  })
  .meta({ id: 'Webhook' });

const webhookWithSecretSchema = webhookSchema
  .extend({ secret: textField(SECRET_MAX).describe('Verifies deliveries. No other answer has it.') })
  .meta({ id: 'WebhookWithSecret' });

const ERRORS = Object.keys(ATTEMPT_ERRORS) as AttemptError[];

const deliverySchema = z
  .object({
    id: idField,
    eventId: idField.describe('The `webhook-id` of every attempt.'),
    type: textField(TYPE_MAX),
    status: z.enum(['pending', 'delivered', 'failed']),
    createdAt: momentField,
    nextAttemptAt: momentField.nullable().describe('Null: there is none.'),
    attempts: z
      .array(
        z.object({
          attempt: wholeNumberField.describe('From 1.'),
          at: momentField,
          durationMs: wholeNumberField,
          httpStatus: wholeNumberField.nullable().describe('Null: there was no answer.'),
          error: z
            .enum(ERRORS)
            .nullable()
            .describe(
              `Null: delivered. ${Object.entries(ATTEMPT_ERRORS)
                .map(([code, text]) => `\`${code}\`: ${text}`)
                .join('; ')}.`,
            ),
        }),
      )
      .max(SHOWN_ATTEMPTS_MAX)
      .describe('The last ones, oldest first. Nothing of an answer’s body is kept.'),
  })
  .meta({ id: 'WebhookDelivery' });

const ID = '6f1b0f3e-4b8e-4d6c-9a57-2f3f0c1f7a10';

const WEBHOOK = {
  id: ID,
  url: 'https://hooks.example.com/rowferry',
  types: ['upload.completed', 'upload.failed'],
  description: 'payroll',
  createdAt: '2026-11-28T09:30:00.000Z',
  lastDeliveredAt: '2026-11-28T09:31:12.402Z',
  disabledAt: null,
  disabledReason: null,
  previousSecretUntil: null,
} satisfies z.input<typeof webhookSchema>;

const SECRET = 'whsec_…';

const DELIVERY = {
  id: 'b3a3d1de-6c55-4a3a-8a4f-0a4a4b6a2d11',
  eventId: '019a2216-4b00-7c41-9d2e-5f6a8b3c1d70',
  type: 'upload.completed',
  status: 'delivered',
  createdAt: '2026-11-28T09:31:12.000Z',
  nextAttemptAt: null,
  attempts: [
    { attempt: 1, at: '2026-11-28T09:31:07.002Z', durationMs: 15_001, httpStatus: null, error: 'timeout' },
    { attempt: 2, at: '2026-11-28T09:31:12.201Z', durationMs: 201, httpStatus: 204, error: null },
  ],
} satisfies z.input<typeof deliverySchema>;

export const listWebhooks = defineRoute({
  method: 'get',
  path: '/v1/webhooks',
  operationId: 'listWebhooks',
  tag: 'Webhooks',
  summary: 'List webhooks, oldest first',
  description: 'None with its secret.',
  scope: 'operate',
  parameters: { query: z.object(pageParameters) },
  answers: {
    200: {
      description: 'One page of webhooks.',
      schema: pageOf(webhookSchema),
      example: { data: [WEBHOOK], pagination: { ...PAGINATION_EXAMPLE, total: 1 } },
      headers: linkHeader,
    },
  },
  problems: [],
});

export const createWebhook = defineRoute({
  method: 'post',
  path: '/v1/webhooks',
  operationId: 'createWebhook',
  tag: 'Webhooks',
  summary: 'Create a webhook',
  description:
    'Events of these types that happen from now on are sent to the URL, signed as Standard Webhooks says. The host must be on the ' +
    'public internet: what its name stands for is checked at each attempt. There is no idempotency key: a stored answer would hold ' +
    'the secret. Delete a webhook whose answer was lost.',
  scope: 'operate',
  body: {
    contentType: 'application/json',
    schema: z
      .strictObject(
        {
          url: z
            .string({ error: URL_ERROR })
            .max(WEBHOOK_URL_MAX, URL_ERROR)
            .describe('`https://…`, without user name, password and fragment.'),
          types: z
            .array(z.enum(EVENT_TYPE_NAMES, { error: TYPE_ERROR }), { error: TYPES_ERROR })
            .min(1, TYPES_ERROR)
            .max(100, TYPES_ERROR),
          description: z
            .string({ error: DESCRIPTION_ERROR })
            .max(DESCRIPTION_MAX, DESCRIPTION_ERROR)
            .regex(/^\P{Cc}*$/u, DESCRIPTION_ERROR)
            .optional()
            .describe('Whose it is, for people.'),
        },
        { error: 'must be a JSON object' },
      )
      .meta({ id: 'NewWebhook' }),
  },
  answers: {
    201: {
      description: 'The webhook, with its secret.',
      schema: webhookWithSecretSchema,
      example: { ...WEBHOOK, lastDeliveredAt: null, secret: SECRET },
      headers: z.object({ Location: textField(2048).describe('The webhook.') }),
    },
  },
  problems: ['too_many_webhooks'],
});

export const showWebhook = defineRoute({
  method: 'get',
  path: '/v1/webhooks/{webhookId}',
  operationId: 'showWebhook',
  tag: 'Webhooks',
  summary: 'Show a webhook',
  description: 'Without its secret.',
  scope: 'operate',
  parameters: { path: webhookParameters },
  answers: { 200: { description: 'The webhook.', schema: webhookSchema, example: WEBHOOK } },
  problems: ['webhook_not_found'],
});

export const deleteWebhook = defineRoute({
  method: 'delete',
  path: '/v1/webhooks/{webhookId}',
  operationId: 'deleteWebhook',
  tag: 'Webhooks',
  summary: 'Delete a webhook',
  description:
    'With its deliveries. An attempt that is under way may still arrive. Calling it again returns the same answer.',
  scope: 'operate',
  parameters: { path: webhookParameters },
  answers: { 204: { description: 'There is no such webhook.' } },
  problems: [],
});

export const rotateWebhookSecret = defineRoute({
  method: 'post',
  path: '/v1/webhooks/{webhookId}/rotate-secret',
  operationId: 'rotateWebhookSecret',
  tag: 'Webhooks',
  summary: 'Replace the secret of a webhook',
  description:
    'For 24 hours deliveries have a signature by each of the two secrets, so that a receiver can be changed over in between. Of a ' +
    'webhook that is rotated again meanwhile, the last two secrets sign.',
  scope: 'operate',
  parameters: { path: webhookParameters },
  answers: {
    200: {
      description: 'The webhook, with its new secret.',
      schema: webhookWithSecretSchema,
      example: { ...WEBHOOK, previousSecretUntil: '2026-11-29T09:30:00.000Z', secret: SECRET },
    },
  },
  problems: ['webhook_not_found'],
});

export const enableWebhook = defineRoute({
  method: 'post',
  path: '/v1/webhooks/{webhookId}/enable',
  operationId: 'enableWebhook',
  tag: 'Webhooks',
  summary: 'Enable a webhook that was disabled',
  description:
    'It is called for events from now on. Those that it missed can be replayed one by one, as far as they were planned before it was ' +
    'disabled. Calling it again returns the same answer.',
  scope: 'operate',
  parameters: { path: webhookParameters },
  answers: { 200: { description: 'The webhook.', schema: webhookSchema, example: WEBHOOK } },
  problems: ['webhook_not_found'],
});

export const listWebhookDeliveries = defineRoute({
  method: 'get',
  path: '/v1/webhooks/{webhookId}/deliveries',
  operationId: 'listWebhookDeliveries',
  tag: 'Webhooks',
  summary: 'List the deliveries of a webhook, newest first',
  description: 'Each with its attempts: when, for how long, with which status or error. They are kept for 30 days.',
  scope: 'operate',
  parameters: { path: webhookParameters, query: z.object(pageParameters) },
  answers: {
    200: {
      description: 'One page of deliveries.',
      schema: pageOf(deliverySchema),
      example: { data: [DELIVERY], pagination: { ...PAGINATION_EXAMPLE, total: 1 } },
      headers: linkHeader,
    },
  },
  problems: ['webhook_not_found'],
});

export const replayWebhookDelivery = defineRoute({
  method: 'post',
  path: '/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay',
  operationId: 'replayWebhookDelivery',
  tag: 'Webhooks',
  summary: 'Deliver an event again',
  description:
    'Whatever became of the delivery: it is attempted within a minute, with retries over 24 hours, under the same `webhook-id`.',
  scope: 'operate',
  parameters: { path: webhookParameters.extend({ deliveryId: idParameter('delivery') }) },
  answers: {
    202: {
      description: 'The delivery is due.',
      schema: deliverySchema,
      example: { ...DELIVERY, status: 'pending', nextAttemptAt: '2026-11-28T10:00:00.000Z' },
    },
  },
  problems: ['webhook_not_found', 'delivery_not_found', 'webhook_disabled'],
});
