import { randomUUID } from 'node:crypto';
import { addWebhook, listDeliveries } from '@rowferry/database';
import type { Event, EventType } from '@rowferry/messages';
import { recordLog, setupDatabase } from '@rowferry/testing';
import { type AttemptAnswer, type AttemptRequest, generateWebhookSecret } from '@rowferry/webhooks';
import type { SQSEvent } from 'aws-lambda';
import { createAnswerHandler } from '../src/answer-handler.ts';
import { createWebhookHandler } from '../src/webhook-handler.ts';

export const NOON = new Date('2026-11-28T12:00:00.000Z');

/** Both handlers on a database of their own, with a clock that stands still until it is set. */
export async function setupWebhooks() {
  const { database } = await setupDatabase();
  const log = recordLog();
  const clock = { now: NOON };
  const dispatched: AttemptRequest[] = [];
  /** Seconds after which each wake was asked for. */
  const wakes: number[] = [];
  const settings = {
    database,
    logger: log.logger,
    dispatch: async (requests: readonly AttemptRequest[]) => void dispatched.push(...requests),
    wakeAfter: async (seconds: number) => void wakes.push(seconds),
    now: () => clock.now,
  };
  return {
    database,
    log,
    clock,
    dispatched,
    wakes,
    handle: createWebhookHandler(settings),
    answer: createAnswerHandler(settings),
    /** A webhook, and what it signs with. */
    async addWebhook(types: EventType[] = ['upload.completed']) {
      const webhook = { id: randomUUID(), secret: generateWebhookSecret(), url: 'https://hooks.example/x', types };
      await addWebhook(database, { ...webhook, host: 'hooks.example', description: null }, { now: NOON, max: 100 });
      return webhook;
    },
    async deliveriesOf(webhookId: string) {
      const { deliveries } = await listDeliveries(database, webhookId, { limit: 100, offset: 0 });
      return deliveries;
    },
  };
}

export function anEvent(type: EventType = 'upload.completed'): Event {
  const data = { uploadId: randomUUID(), link: '/v1/uploads/x' };
  return { id: randomUUID(), type, severity: 'info', time: NOON.toISOString(), version: 1, data };
}

export function answerTo({ deliveryId, attempt }: AttemptRequest, given: Partial<AttemptAnswer> = {}): AttemptAnswer {
  const failed = { httpStatus: 500, error: 'bad_status', retryAfterSeconds: null } as const;
  return { deliveryId, attempt, at: NOON.toISOString(), durationMs: 5, ...failed, ...given };
}

export const DELIVERED = { httpStatus: 204, error: null };

/** As SQS hands it over. Of a record the handlers read no more than that. */
export function sqsEvent(...bodies: unknown[]): SQSEvent {
  const Records = bodies.map((body, index) => ({
    messageId: String(index),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }));
  return { Records } as SQSEvent;
}
