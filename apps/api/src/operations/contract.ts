import { VERSION } from '@rowferry/runtime';
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';

const SERVICES = ['postgres', 's3', 'sqs'] as const;

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
