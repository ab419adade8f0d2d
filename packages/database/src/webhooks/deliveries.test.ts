import { randomUUID } from 'node:crypto';
import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { eventsOf } from '../../test/events.ts';
import { afterNoon, anWebhook, NOON } from '../../test/webhooks.ts';
import type { Database } from '../connection/connect.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { listDeliveries, replayDelivery } from './list-deliveries.ts';
import { deleteOldDeliveries, planDeliveries } from './plan-deliveries.ts';
import { type DeliveryDecision, recordAttempt } from './record-attempt.ts';
import { deleteWebhook, enableWebhook, findWebhook, listWebhooks, rotateWebhookSecret } from './webhooks.ts';

const DAY = 86_400;
const WINDOW = { now: NOON, expiresAt: afterNoon(DAY) };

const anEvent = (given = {}) => ({ id: randomUUID(), type: 'upload.completed', body: '{"a":1}', ...given });

function claim(database: Database, given: { now?: Date; perHost?: number; total?: number } = {}) {
  const { now = NOON, perHost = 10, total = 10 } = given;
  return claimDeliveries(database, { now, until: new Date(now.getTime() + 60_000), perHost, total });
}

function record(
  database: Database,
  { id, attempt }: { id: string; attempt: number },
  decision: DeliveryDecision,
  now = afterNoon(1),
) {
  const isDelivered = decision.kind === 'delivered';
  const answer = { httpStatus: isDelivered ? 204 : 500, error: isDelivered ? null : 'bad_status' };
  const made = { deliveryId: id, attempt, at: NOON, durationMs: 7, ...answer };
  return recordAttempt(database, made, () => decision, now);
}

async function logOf(database: Database, webhookId: string) {
  const { deliveries } = await listDeliveries(database, webhookId, { limit: 100, offset: 0 });
  return deliveries;
}

test('an event is planned once for each webhook that wants its type, however often it comes', async () => {
  const { database } = await setupDatabase();
  const [one, two] = [
    await anWebhook(database),
    await anWebhook(database, { types: ['rows.dead', 'upload.completed'] }),
  ];
  const other = await anWebhook(database, { types: ['rows.dead'] });
  const event = anEvent();

  const planned = await Promise.all([1, 2, 3].map(() => planDeliveries(database, event, WINDOW)));

  expect(planned.reduce((sum, count) => sum + count)).toBe(2);
  expect(await planDeliveries(database, anEvent({ type: 'upload.stalled' }), WINDOW)).toBe(0);
  for (const id of [one, two])
    expect(await logOf(database, id)).toMatchObject([
      { event_id: event.id, type: event.type, status: 'pending', attempts: 0, next_attempt_at: NOON, log: [] },
    ]);
  expect(await logOf(database, other)).toEqual([]);
});

test('what is due is claimed by one, with what is to be sent, and is free again when the claim expires', async () => {
  const { database } = await setupDatabase();
  const id = await anWebhook(database, { secret: 'whsec_old' });
  await rotateWebhookSecret(database, { id, secret: 'whsec_new', now: NOON, until: afterNoon(30) });
  const event = anEvent();
  await planDeliveries(database, event, WINDOW);

  expect(await claim(database, { now: afterNoon(-1) })).toEqual([]);
  const claims = (await Promise.all([1, 2, 3, 4].map(() => claim(database)))).flat();

  expect(claims).toEqual([
    {
      id: expect.any(String),
      attempt: 1,
      url: 'https://hooks.example/',
      event_id: event.id,
      body: event.body,
      secrets: ['whsec_new', 'whsec_old'],
    },
  ]);
  expect(await claim(database, { now: afterNoon(59) })).toEqual([]);
  expect(await claim(database, { now: afterNoon(60) })).toMatchObject([{ attempt: 1, secrets: ['whsec_new'] }]);
});

test('of one host no more are claimed than its share, no matter who claims, and of all no more than the total', async () => {
  const { database } = await setupDatabase();
  for (const host of ['slow.example', 'slow.example', 'fast.example']) await anWebhook(database, { host });
  for (let events = 0; events < 4; events++) await planDeliveries(database, anEvent(), WINDOW);
  const hostOf = ({ url }: { url: string }) => new URL(url).host;

  const limits = { perHost: 2, total: 10 };
  const claims = (await Promise.all([1, 2, 3].map(() => claim(database, limits)))).flat();

  expect(claims.map(hostOf).toSorted()).toEqual(['fast.example', 'fast.example', 'slow.example', 'slow.example']);
  const [ended] = claims.filter((claimed) => hostOf(claimed) === 'fast.example');
  if (ended === undefined) throw new Error('none of the fast host');
  await record(database, ended, { kind: 'delivered' });
  expect((await claim(database, limits)).map(hostOf)).toEqual(['fast.example']);
  expect(await claim(database, { perHost: 10, total: 4 })).toEqual([]);
  expect(await claim(database, { perHost: 10, total: 5 })).toHaveLength(1);
});

test('an attempt is recorded once, and what becomes of the delivery with it', async () => {
  const { database } = await setupDatabase();
  const webhookId = await anWebhook(database);
  await planDeliveries(database, anEvent(), WINDOW);
  const [first] = await claim(database);
  if (first === undefined) throw new Error('nothing is due');
  const later: DeliveryDecision = { kind: 'retry', at: afterNoon(5) };

  const recorded = await Promise.all([record(database, first, later), record(database, first, later)]);

  expect(recorded.filter((one) => one !== undefined)).toEqual([
    { webhookId, type: 'upload.completed', decision: later },
  ]);
  expect(await claim(database, { now: afterNoon(4) })).toEqual([]);
  const [second] = await claim(database, { now: afterNoon(5) });
  expect(second).toMatchObject({ id: first.id, attempt: 2 });
  await record(database, { ...first, attempt: 2 }, { kind: 'delivered' }, afterNoon(6));
  expect(await record(database, { ...first, attempt: 3 }, { kind: 'delivered' })).toBeUndefined();
  const [delivery] = await logOf(database, webhookId);
  expect(delivery).toMatchObject({
    status: 'delivered',
    attempts: 2,
    next_attempt_at: null,
    log: [
      { attempt: 1, durationMs: 7, httpStatus: 500, error: 'bad_status' },
      { attempt: 2, durationMs: 7, httpStatus: 204, error: null },
    ],
  });
  expect(delivery?.log.map(({ at }) => new Date(at))).toEqual([NOON, NOON]);
  expect(await findWebhook(database, webhookId, NOON)).toMatchObject({
    last_success_at: afterNoon(6),
    disabled_at: null,
  });
});

test('what is decided with is the delivery’s own: failures since its window began, and the webhook’s last success', async () => {
  const { database } = await setupDatabase();
  const webhookId = await anWebhook(database);
  await planDeliveries(database, anEvent(), WINDOW);
  const [claimed] = await claim(database);
  const deliveryId = claimed?.id ?? '';
  const states: unknown[] = [];
  const fail = (attempt: number) =>
    recordAttempt(
      database,
      { deliveryId, attempt, at: NOON, durationMs: 1, httpStatus: null, error: 'timeout' },
      (state) => {
        states.push({ ...state });
        return { kind: 'retry', at: NOON };
      },
      NOON,
    );

  await fail(1);
  await fail(2);
  await replayDelivery(database, { webhookId, id: deliveryId }, { now: NOON, expiresAt: afterNoon(2 * DAY) });
  await fail(3);

  expect(states).toMatchObject([
    { failures: 1, expiresAt: WINDOW.expiresAt, lastSuccessAt: null },
    { failures: 2, expiresAt: WINDOW.expiresAt, lastSuccessAt: null },
    { failures: 1, expiresAt: afterNoon(2 * DAY), lastSuccessAt: null },
  ]);
});

test('a webhook that is disabled is called no more, and one alert says so', async () => {
  const { database } = await setupDatabase();
  const webhookId = await anWebhook(database);
  const untouched = await anWebhook(database);
  for (let events = 0; events < 3; events++) await planDeliveries(database, anEvent(), WINDOW);
  const isOfDisabled = new Set((await logOf(database, webhookId)).map(({ id }) => id));
  const [one, two] = (await claim(database)).filter(({ id }) => isOfDisabled.has(id));
  if (one === undefined || two === undefined) throw new Error('too few are due');
  const gone: DeliveryDecision = { kind: 'failed', disable: 'gone' };

  await Promise.all([record(database, one, gone), record(database, two, { kind: 'failed', disable: 'failing' })]);

  const { disabled_reason, disabled_at } = (await findWebhook(database, webhookId, NOON)) ?? {};
  expect(disabled_at).toEqual(afterNoon(1));
  expect((await logOf(database, webhookId)).map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  expect(await eventsOf(database)).toEqual([
    {
      subject: webhookId,
      type: 'webhook.disabled',
      severity: 'alert',
      data: { webhookId, code: disabled_reason, link: `/v1/webhooks/${webhookId}` },
    },
  ]);
  expect(await planDeliveries(database, anEvent(), WINDOW)).toBe(1);
  expect(await logOf(database, untouched)).toHaveLength(4);
  expect((await logOf(database, untouched)).every(({ status }) => status === 'pending')).toBe(true);

  expect(await enableWebhook(database, webhookId, NOON)).toMatchObject({ disabled_at: null, disabled_reason: null });
  expect(await planDeliveries(database, anEvent(), WINDOW)).toBe(2);
});

test('a delivery is replayed whatever became of it; of another webhook it is not found', async () => {
  const { database } = await setupDatabase();
  const webhookId = await anWebhook(database);
  const event = anEvent();
  await planDeliveries(database, event, WINDOW);
  const [claimed] = await claim(database);
  if (claimed === undefined) throw new Error('nothing is due');
  await record(database, claimed, { kind: 'failed', disable: undefined });
  const window = { now: afterNoon(100), expiresAt: afterNoon(100 + DAY) };

  const replayed = await replayDelivery(database, { webhookId, id: claimed.id }, window);

  expect(replayed).toMatchObject({ status: 'pending', attempts: 1, next_attempt_at: window.now });
  const again = { id: claimed.id, attempt: 2, event_id: event.id, body: event.body };
  expect(await claim(database, { now: window.now })).toMatchObject([again]);
  expect(await replayDelivery(database, { webhookId: randomUUID(), id: claimed.id }, window)).toBeUndefined();
});

test('old deliveries are deleted, but none that is pending; with a webhook go all of its deliveries', async () => {
  const { database } = await setupDatabase();
  const [kept, deleted] = [await anWebhook(database), await anWebhook(database)];
  for (let events = 0; events < 2; events++) await planDeliveries(database, anEvent(), WINDOW);
  const ids = new Set((await logOf(database, kept)).map(({ id }) => id));
  const [ended] = (await claim(database)).filter(({ id }) => ids.has(id));
  if (ended === undefined) throw new Error('nothing is due');
  await record(database, ended, { kind: 'delivered' });

  expect(await deleteOldDeliveries(database, NOON)).toBe(0);
  expect(await deleteOldDeliveries(database, afterNoon(1))).toBe(1);
  expect(await logOf(database, kept)).toMatchObject([{ status: 'pending' }]);
  await deleteWebhook(database, deleted);
  expect(await logOf(database, deleted)).toEqual([]);
  expect(await listWebhooks(database, NOON)).toHaveLength(1);
});
