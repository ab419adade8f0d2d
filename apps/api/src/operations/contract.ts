import { BODY_START_MAX } from '@rowferry/database';
import { byOutcome, zeroCounts } from '@rowferry/roster';
import { VERSION } from '@rowferry/runtime';
import { z } from 'zod';
import { linkHeader, PAGINATION_EXAMPLE, pageOf } from '../contract/answers.ts';
import { momentField, textField, wholeNumberField } from '../contract/fields.ts';
import { defineRoute } from '../contract/route.ts';
import { pageParameters } from '../http/parameters.ts';
import { QUEUES } from './measurements.ts';
import { SERVICES } from './readiness.ts';

/** What is answered when all is well. */
export const READY = {
  status: 'ready',
  services: { postgres: 'reachable', s3: 'reachable', sqs: 'reachable' },
} as const;

export const showHealth = defineRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'showHealth',
  tag: 'Operating',
  summary: 'Whether the process lives',
  description: 'Asks no other service: a live process must not be restarted because Postgres is unavailable.',
  scope: null,
  answers: {
    200: {
      description: 'It lives.',
      schema: z.object({ status: z.literal('alive'), version: z.string().max(50).describe('Of Rowferry.') }),
      example: { status: 'alive', version: VERSION },
    },
  },
  problems: [],
});

export const showReadiness = defineRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'showReadiness',
  tag: 'Operating',
  summary: 'Whether requests can be served',
  description:
    'Asks Postgres, S3 and SQS, at most once a second, and whether all migrations of this version were applied. `errors` of the problem names what is not ready.',
  scope: null,
  answers: {
    200: {
      description: 'All services are reachable, and the schema is that of this version.',
      schema: z.object({ status: z.literal('ready'), services: z.record(z.enum(SERVICES), z.literal('reachable')) }),
      example: READY,
    },
  },
  problems: ['not_ready'],
});

export const showMetrics = defineRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'showMetrics',
  tag: 'Operating',
  summary: 'Measurements for Prometheus',
  description: 'In Prometheus’ text format. What is counted in Postgres or by SQS is at most 15 seconds old.',
  scope: 'operate',
  answers: {
    200: {
      description: 'The measurements.',
      contentType: 'text/plain',
      schema: z.string().max(10_000_000),
      example:
        '# HELP rowferry_rows Rows of all uploads, by outcome\n# TYPE rowferry_rows gauge\nrowferry_rows{outcome="inserted"} 400\n',
    },
  },
  problems: [],
});

const rowsSchema = z.object(byOutcome(() => wholeNumberField));

const depthSchema = z.object({
  visible: wholeNumberField.describe('Waiting.'),
  inFlight: wholeNumberField.describe('Being worked on.'),
  delayed: wholeNumberField.describe('To be delivered later.'),
});

const operationsSchema = z
  .object({
    version: textField(50).describe('Of Rowferry.'),
    services: z
      .array(
        z.object({
          service: z.enum(SERVICES),
          fault: textField(1000).nullable().describe('What is wrong and what to do; null: it is ready.'),
        }),
      )
      .max(SERVICES.length),
    queues: z
      .array(
        z.object({
          queue: z.enum(QUEUES).describe('`…_dlq` is the dead-letter queue of another.'),
          messages: depthSchema.nullable().describe('As many as SQS says there are.'),
        }),
      )
      .max(QUEUES.length),
    oldestUploadSeconds: wholeNumberField
      .nullable()
      .describe(
        'Since when the oldest upload waits that has rows under way; 0: none has. No message in a queue is older. SQS itself does not ' +
          'tell the age of a message without delivering it.',
      ),
    rows: rowsSchema.nullable().describe('Rows of all uploads, by outcome.'),
    lastHour: z
      .array(z.object({ from: momentField, to: momentField, rows: rowsSchema }))
      .max(100)
      .nullable()
      .describe('The rows that got their outcome in each minute, oldest first; in a longer time where no API ran.'),
    unreadableMessages: wholeNumberField
      .nullable()
      .describe('Messages that nobody could read; see `/v1/unreadable-messages`.'),
    freeDiskBytes: wholeNumberField.nullable().describe('Room on the disk of `DATA_DIR`, where there is one.'),
  })
  .meta({ id: 'Operations' });

export const showOperations = defineRoute({
  method: 'get',
  path: '/v1/operations',
  operationId: 'showOperations',
  tag: 'Operating',
  summary: 'How it all goes',
  description:
    'Services, queues and rows, at most three seconds old. What cannot be had at the moment is null, and `services` says why.',
  scope: 'operate',
  answers: {
    200: {
      description: 'As far as it is known.',
      schema: operationsSchema,
      example: {
        version: VERSION,
        services: [
          { service: 'postgres', fault: null },
          { service: 's3', fault: null },
          { service: 'sqs', fault: 'is not reachable' },
        ],
        queues: [{ queue: 'rows', messages: null }],
        oldestUploadSeconds: 12,
        rows: { ...zeroCounts(), inserted: 400 },
        lastHour: [
          {
            from: '2026-11-28T09:30:00.012Z',
            to: '2026-11-28T09:31:00.015Z',
            rows: { ...zeroCounts(), inserted: 400 },
          },
        ],
        unreadableMessages: 0,
        freeDiskBytes: 812_000_000_000,
      } satisfies z.input<typeof operationsSchema>,
    },
  },
  problems: [],
});

const unreadableMessageSchema = z
  .object({
    messageId: textField(200),
    queue: textField(100),
    reason: textField(10_000).describe('Why nobody could read it.'),
    bodyStart: textField(BODY_START_MAX).describe(`The first ${BODY_START_MAX} characters of it.`),
    bodyLength: wholeNumberField.describe('How many characters it has.'),
    receivedAt: momentField,
  })
  .meta({ id: 'UnreadableMessage' });

export const listUnreadableMessages = defineRoute({
  method: 'get',
  path: '/v1/unreadable-messages',
  operationId: 'listUnreadableMessages',
  tag: 'Operating',
  summary: 'List messages that nobody could read, newest first',
  description:
    'They came to a dead-letter queue in a format or a version that is not known. All of a message is in the table `unreadable_messages`.',
  scope: 'operate',
  parameters: { query: z.object(pageParameters) },
  answers: {
    200: {
      description: 'One page of messages.',
      schema: pageOf(unreadableMessageSchema),
      example: {
        data: [
          {
            messageId: '6a1b0a4e-2f4c-4c39-9a53-1f0e6f0f2b11',
            queue: 'rows',
            reason: 'is not JSON',
            bodyStart: 'hello',
            bodyLength: 5,
            receivedAt: '2026-11-28T09:30:00.000Z',
          },
        ],
        pagination: { ...PAGINATION_EXAMPLE, total: 1 },
      },
      headers: linkHeader,
    },
  },
  problems: [],
});
