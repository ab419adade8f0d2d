import { listUnreadableMessages, type UnreadableMessageRecord } from '@rowferry/database';
import { VERSION } from '@rowferry/runtime';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, pageReply } from '../http/pagination.ts';
import { RETRY_AFTER_SECONDS } from '../limits.ts';
import { ApiProblem } from '../problems/api-problem.ts';
import * as contract from './contract.ts';
import type { Metrics } from './metrics.ts';
import { type OperationsSettings, operationsOf } from './operations.ts';
import { readinessCheck, type ServiceSettings } from './readiness.ts';

export function operatingRoutes(settings: ServiceSettings & OperationsSettings, metrics: Metrics): Route[] {
  const findNotReady = readinessCheck(settings);
  const measureOperations = operationsOf(settings, findNotReady);

  return [
    serve(contract.showHealth, () => ({ status: 200, body: { status: 'alive' as const, version: VERSION } })),

    serve(contract.showReadiness, async (_input, request) => {
      const notReady = await findNotReady();
      if (notReady.length === 0) return { status: 200, body: contract.READY };
      for (const { service, reason } of notReady) request.log.warn({ service, err: reason }, 'service not ready');
      throw new ApiProblem('not_ready', `${notReady.map(({ service, fault }) => `${service} ${fault}`).join('; ')}.`, {
        errors: notReady.map(({ service, fault }) => ({ parameter: service, message: fault })),
        headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
      });
    }),

    serve(contract.showMetrics, async () => {
      // The content type has a version, which Prometheus reads.
      return { status: 200, headers: { 'Content-Type': metrics.contentType }, body: await metrics.text() };
    }),

    serve(contract.showOperations, async () => ({ status: 200, body: await measureOperations() })),

    serve(contract.listUnreadableMessages, async ({ query: page }, request) => {
      const window = { limit: page.limit, offset: offsetOf(page) };
      const { messages, total } = await listUnreadableMessages(settings.database, window);
      return pageReply(request, page, messages.map(toMessageResource), { total, totalRelation: 'eq' });
    }),
  ];
}

function toMessageResource({ message_id, body_start, body_length, received_at, ...message }: UnreadableMessageRecord) {
  return {
    messageId: message_id,
    ...message,
    bodyStart: body_start,
    bodyLength: body_length,
    receivedAt: received_at.toISOString(),
  };
}
