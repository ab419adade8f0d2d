import { type Route, serve } from '../contract/serve.ts';
import { RETRY_AFTER_SECONDS } from '../limits.ts';
import { ApiProblem } from '../problems/api-problem.ts';
import * as contract from './contract.ts';
import type { Metrics } from './metrics.ts';
import { readinessCheck, type ServiceSettings } from './readiness.ts';

const READY = {
  status: 'ready',
  services: { postgres: 'reachable', s3: 'reachable', sqs: 'reachable' },
} as const;

export function operatingRoutes(settings: ServiceSettings, metrics: Metrics): Route[] {
  const findUnreachable = readinessCheck(settings);

  return [
    serve(contract.showHealth, () => ({ status: 200, body: { status: 'alive' as const } })),

    serve(contract.showReadiness, async (_input, request) => {
      const unreachable = await findUnreachable();
      if (unreachable.length === 0) return { status: 200, body: READY };
      for (const { service, reason } of unreachable) request.log.warn({ service, err: reason }, 'service unreachable');
      const names = unreachable.map(({ service }) => service);
      throw new ApiProblem('not_ready', `Not reachable: ${names.join(', ')}.`, {
        errors: names.map((parameter) => ({ parameter, message: 'is not reachable' })),
        headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
      });
    }),

    serve(contract.showMetrics, async () => {
      // The content type has a version, which Prometheus reads.
      return { status: 200, headers: { 'Content-Type': metrics.contentType }, body: await metrics.text() };
    }),
  ];
}
