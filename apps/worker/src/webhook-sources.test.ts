import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { addWebhook, findWebhook, listDeliveries, replayDelivery } from '@rowferry/database';
import { enqueue, serveHttp, setup } from '@rowferry/testing';
import { generateWebhookSecret } from '@rowferry/webhooks';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { webhookSources } from './webhook-sources.ts';

const DAY_MS = 86_400_000;
const PATIENT = { timeout: 20_000 };

/** A receiver that verifies as the published library does, and answers with these statuses, one after the other. */
async function setupReceiver(...statuses: number[]) {
  const secret = generateWebhookSecret();
  const received: unknown[] = [];
  const ids: unknown[] = [];
  const url = await serveHttp(async (request, response) => {
    // Throws what is not signed as it must be, and the test fails.
    received.push(new Webhook(secret).verify(await buffer(request), request.headers as Record<string, string>));
    ids.push(request.headers['webhook-id']);
    response.writeHead(statuses.shift() ?? 204).end();
  });
  return { url, secret, received, ids };
}

async function setupWebhooks({ allowPrivate = true } = {}) {
  const { database, sqs, rowQueueUrl: queueUrl, log } = await setup();
  const sources = webhookSources({
    database,
    sqs,
    logger: log.logger,
    webhooksQueueUrl: queueUrl,
    webhookSender: { allowPrivate },
  });
  onTestFinished(async () => void (await Promise.all(sources.map((source) => source.stop()))));
  return {
    database,
    log,
    async add({ url, secret = generateWebhookSecret() }: { url: string; secret?: string }): Promise<string> {
      const webhook = { id: randomUUID(), url, host: new URL(url).host, secret, types: ['upload.completed'] };
      await addWebhook(database, { ...webhook, description: null }, { now: new Date(), max: 100 });
      return webhook.id;
    },
    async publish() {
      const data = { uploadId: randomUUID() };
      const event = { id: randomUUID(), type: 'upload.completed', severity: 'info', version: 1, data };
      const published = { ...event, time: new Date().toISOString() };
      await enqueue(sqs, queueUrl, [JSON.stringify(published)]);
      return published;
    },
    async deliveries(webhookId: string) {
      return (await listDeliveries(database, webhookId, { limit: 10, offset: 0 })).deliveries;
    },
  };
}

test('an event gets to a receiver that fails at first, verified and under the same id, and again when it is replayed', async () => {
  const { add, publish, deliveries, database } = await setupWebhooks();
  const receiver = await setupReceiver(500);
  const id = await add(receiver);

  const event = await publish();

  await expect.poll(() => receiver.received, PATIENT).toEqual([event, event]);
  await expect.poll(async () => (await deliveries(id))[0]?.status, PATIENT).toBe('delivered');
  const [delivery] = await deliveries(id);
  expect(delivery?.log).toMatchObject([
    { attempt: 1, httpStatus: 500, error: 'bad_status' },
    { attempt: 2, httpStatus: 204, error: null },
  ]);
  const [first, second] = delivery?.log.map(({ at }) => Date.parse(at)) ?? [];
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(4000);

  const now = new Date();
  const window = { now, expiresAt: new Date(now.getTime() + DAY_MS) };
  await replayDelivery(database, { webhookId: id, id: delivery?.id ?? '' }, window);
  await expect.poll(() => receiver.ids, PATIENT).toEqual([event.id, event.id, event.id]);
});

test('receivers that never answer hold up nobody but themselves', async () => {
  const { add, publish } = await setupWebhooks();
  let held = 0;
  await add({ url: await serveHttp(() => void held++) });
  const receiver = await setupReceiver();
  await add(receiver);

  const events = [];
  for (let count = 0; count < 6; count++) events.push(await publish());

  await expect.poll(() => receiver.received.length, PATIENT).toBe(6);
  expect(new Set(receiver.ids)).toEqual(new Set(events.map(({ id }) => id)));
  expect(held).toBe(4);
});

test('a receiver that answers 410 is called no more; one on a private address never', async () => {
  const { add, publish, database } = await setupWebhooks();
  const receiver = await setupReceiver(410);
  const id = await add(receiver);
  await publish();

  await expect.poll(async () => (await findWebhook(database, id, new Date()))?.disabled_reason, PATIENT).toBe('gone');
  const other = await setupReceiver();
  await add(other);
  await publish();
  await expect.poll(() => other.received.length, PATIENT).toBe(1);
  expect(receiver.received).toHaveLength(1);

  const guarded = await setupWebhooks({ allowPrivate: false });
  const hidden = await setupReceiver();
  const refused = await guarded.add(hidden);
  await guarded.publish();
  await expect
    .poll(async () => (await guarded.deliveries(refused))[0]?.log, PATIENT)
    .toMatchObject([{ httpStatus: null, error: 'address_refused' }]);
  expect(hidden.received).toEqual([]);
});
