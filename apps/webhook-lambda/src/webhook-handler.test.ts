import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import { anEvent, answerTo, DELIVERED, NOON, setupWebhooks, sqsEvent } from '../test/setup-webhooks.ts';
import { WAKE_BODY } from './webhook-handler.ts';

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const WAKE = sqsEvent(WAKE_BODY);

test('an event is dispatched at once for each webhook that wants it, signed by its secret, and not again when it comes again', async () => {
  const { handle, addWebhook, dispatched } = await setupWebhooks();
  const [one, two] = [await addWebhook(), await addWebhook(['upload.completed', 'rows.dead'])];
  await addWebhook(['rows.dead']);
  const event = anEvent();

  expect(await handle(sqsEvent(event, event))).toEqual({ batchItemFailures: [] });
  await handle(sqsEvent(event));

  expect(dispatched).toHaveLength(2);
  vi.setSystemTime(NOON);
  const verifiers = [one, two].map(({ secret }) => new Webhook(secret));
  const verified = dispatched.map(({ body, headers }) =>
    verifiers.map((verifier) => {
      try {
        return verifier.verify(body, headers);
      } catch {
        return 'not its own';
      }
    }),
  );
  vi.useRealTimers();
  expect(verified.toSorted((a, b) => (a[0] === 'not its own' ? 1 : b[0] === 'not its own' ? -1 : 0))).toEqual([
    [event, 'not its own'],
    ['not its own', event],
  ]);
  for (const { headers, attempt, notAfter } of dispatched) {
    expect(headers).toMatchObject({ 'webhook-id': event.id, 'webhook-timestamp': String(NOON.getTime() / SECOND) });
    expect({ attempt, notAfter }).toEqual({ attempt: 1, notAfter: '2026-11-28T12:00:30.000Z' });
  }
});

test('a message that is no event comes again, and the others are planned', async () => {
  const { handle, addWebhook, dispatched } = await setupWebhooks();
  await addWebhook();

  const response = await handle(sqsEvent('{', anEvent(), { type: 'x' }, WAKE_BODY));

  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }, { itemIdentifier: '2' }] });
  expect(dispatched).toHaveLength(1);
});

test('a receiver that is down for a day is asked twelve times in it, is disabled then, and an alert says so', async () => {
  // The waits are as long as their table says. With others it can be eleven times, or thirteen.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
  onTestFinished(() => random.mockRestore());
  const { handle, answer, addWebhook, dispatched, wakes, clock, database, deliveriesOf } = await setupWebhooks();
  const { id } = await addWebhook();
  const event = anEvent();
  await handle(sqsEvent(event));

  const attemptedAt: number[] = [];
  for (let request = dispatched.shift(); request !== undefined; request = dispatched.shift()) {
    attemptedAt.push((clock.now.getTime() - NOON.getTime()) / SECOND);
    expect(request.headers['webhook-id']).toBe(event.id);
    await answer(sqsEvent(answerTo(request)));
    const [delivery] = await deliveriesOf(id);
    if (delivery?.next_attempt_at == null) break;
    // A moment before its time nobody gets it.
    clock.now = new Date(delivery.next_attempt_at.getTime() - 1);
    await handle(WAKE);
    expect(dispatched).toEqual([]);
    clock.now = delivery.next_attempt_at;
    await handle(WAKE);
  }

  expect(attemptedAt).toHaveLength(12);
  expect(attemptedAt.at(-1)).toBe(86_400);
  // Those of over a quarter of an hour are found by the sweep.
  expect(wakes).toHaveLength(3);
  expect(Math.max(...wakes)).toBeLessThanOrEqual(360);
  const { rows } = await database.raw('select disabled_reason, disabled_at from webhooks');
  expect(rows).toEqual([{ disabled_reason: 'failing', disabled_at: new Date(NOON.getTime() + DAY) }]);
  const { rows: events } = await database.raw('select type, severity, data from events');
  expect(events).toEqual([
    {
      type: 'webhook.disabled',
      severity: 'alert',
      data: { webhookId: id, code: 'failing', link: `/v1/webhooks/${id}` },
    },
  ]);
  await handle(sqsEvent(anEvent()));
  expect(dispatched).toEqual([]);
});

test('410 disables at once; what else was pending is not attempted', async () => {
  const { handle, answer, addWebhook, dispatched, clock, deliveriesOf, log } = await setupWebhooks();
  const { id } = await addWebhook();
  await handle(sqsEvent(anEvent(), anEvent()));
  const [one, two] = dispatched.splice(0);
  if (one === undefined || two === undefined) throw new Error('too few are due');

  await answer(sqsEvent(answerTo(one), answerTo(two, { httpStatus: 410, error: 'gone' })));
  clock.now = new Date(NOON.getTime() + DAY);
  await handle(WAKE);

  expect(dispatched).toEqual([]);
  expect((await deliveriesOf(id)).map(({ status }) => status)).toEqual(['failed', 'failed']);
  expect(log.entries).toContainEqual(
    expect.objectContaining({ msg: 'webhook disabled', webhookId: id, reason: 'gone' }),
  );
});

test('Retry-After puts the next attempt off, and an answer that comes twice counts once', async () => {
  const { handle, answer, addWebhook, dispatched, wakes, clock, deliveriesOf } = await setupWebhooks();
  const { id } = await addWebhook();
  await handle(sqsEvent(anEvent()));
  const [first] = dispatched.splice(0);
  if (first === undefined) throw new Error('nothing is due');

  const busy = answerTo(first, { httpStatus: 429, retryAfterSeconds: 120 });
  await answer(sqsEvent(busy, busy));
  await answer(sqsEvent(busy));

  expect(wakes).toEqual([120]);
  clock.now = new Date(NOON.getTime() + 120 * SECOND);
  await handle(WAKE);
  const [second] = dispatched.splice(0);
  expect(second).toMatchObject({ deliveryId: first.deliveryId, attempt: 2 });
  if (second !== undefined) await answer(sqsEvent(answerTo(second, DELIVERED)));
  expect(await deliveriesOf(id)).toMatchObject([
    { status: 'delivered', attempts: 2, log: [{ attempt: 1 }, { attempt: 2 }] },
  ]);
});

test('an attempt whose answer never comes is made again when its claim is over, under the same id', async () => {
  const { handle, addWebhook, dispatched, clock } = await setupWebhooks();
  await addWebhook();
  const event = anEvent();
  await handle(sqsEvent(event));
  await handle(WAKE);
  expect(dispatched).toHaveLength(1);

  clock.now = new Date(NOON.getTime() + 60 * SECOND);
  await handle(WAKE);

  expect(dispatched.map(({ attempt, headers }) => [attempt, headers['webhook-id']])).toEqual([
    [1, event.id],
    [1, event.id],
  ]);
});

test('of one host four are attempted at the same time, and the others as these end', async () => {
  const { handle, answer, addWebhook, dispatched } = await setupWebhooks();
  await addWebhook();
  await handle(sqsEvent(...Array.from({ length: 6 }, () => anEvent())));
  expect(dispatched).toHaveLength(4);

  for (const request of dispatched.slice(0, 2)) await answer(sqsEvent(answerTo(request, DELIVERED)));

  expect(new Set(dispatched.map(({ deliveryId }) => deliveryId)).size).toBe(6);
});

test('a wake that cannot be sent loses nothing', async () => {
  const { handle, answer, addWebhook, dispatched, wakes, clock, log } = await setupWebhooks();
  await addWebhook();
  wakes.push = () => {
    throw new Error('SQS is unavailable');
  };
  await handle(sqsEvent(anEvent()));
  const [first] = dispatched.splice(0);
  if (first === undefined) throw new Error('nothing is due');

  expect(await answer(sqsEvent(answerTo(first)))).toEqual({ batchItemFailures: [] });

  expect(log.entries).toContainEqual(expect.objectContaining({ msg: expect.stringContaining('the next sweep') }));
  clock.now = new Date(NOON.getTime() + 10 * SECOND);
  await handle(WAKE);
  expect(dispatched).toMatchObject([{ attempt: 2 }]);
});
