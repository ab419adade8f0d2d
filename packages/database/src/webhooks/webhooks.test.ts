import { randomUUID } from 'node:crypto';
import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { afterNoon, anWebhook, NOON } from '../../test/webhooks.ts';
import {
  addWebhook,
  deleteWebhook,
  enableWebhook,
  findWebhook,
  listWebhooks,
  type NewWebhook,
  rotateWebhookSecret,
} from './webhooks.ts';

test('a webhook is added, listed without its secret, and deleted', async () => {
  const { database } = await setupDatabase();
  const webhook: NewWebhook = {
    id: randomUUID(),
    url: 'https://hooks.example/x',
    host: 'hooks.example',
    types: ['upload.completed', 'rows.dead'],
    description: 'payroll',
    secret: 'whsec_x',
  };

  const added = await addWebhook(database, webhook, { now: NOON, max: 2 });

  const { host: _, secret: __, ...shown } = webhook;
  const nothingYet = { last_success_at: null, disabled_at: null, disabled_reason: null, previous_secret_until: null };
  expect(added).toEqual({ ...shown, ...nothingYet, created_at: NOON });
  const other = await anWebhook(database);
  expect((await listWebhooks(database, NOON)).map(({ id }) => id).toSorted()).toEqual([webhook.id, other].toSorted());
  expect(JSON.stringify(await listWebhooks(database, NOON))).not.toContain('whsec');
  await deleteWebhook(database, webhook.id);
  await deleteWebhook(database, webhook.id);
  expect(await findWebhook(database, webhook.id, NOON)).toBeUndefined();
  expect(await listWebhooks(database, NOON)).toHaveLength(1);
});

test('many that are added at once are no more than the maximum', async () => {
  const { database } = await setupDatabase();
  const add = () =>
    addWebhook(
      database,
      { id: randomUUID(), url: 'https://x.example', host: 'x', types: ['x'], description: null, secret: 's' },
      { now: NOON, max: 3 },
    );
  const added = await Promise.all(Array.from({ length: 8 }, add));
  expect(added.filter((one) => one !== undefined)).toHaveLength(3);
  expect(await listWebhooks(database, NOON)).toHaveLength(3);
});

test('a secret that is replaced signs on until its time, and is said to', async () => {
  const { database } = await setupDatabase();
  const id = await anWebhook(database);
  const until = afterNoon(60);

  const rotated = await rotateWebhookSecret(database, { id, secret: 'whsec_next', now: NOON, until });

  expect(rotated).toMatchObject({ id, previous_secret_until: until });
  expect(await findWebhook(database, id, afterNoon(59))).toMatchObject({ previous_secret_until: until });
  expect(await findWebhook(database, id, until)).toMatchObject({ previous_secret_until: null });
  const nobody = { id: randomUUID(), secret: 'x', now: NOON, until };
  expect(await rotateWebhookSecret(database, nobody)).toBeUndefined();
  expect(await enableWebhook(database, nobody.id, NOON)).toBeUndefined();
});
