import { connect, openUpload, recordRowTotals, saveUnreadableMessage, writeRows } from '@rowferry/database';
import { byOutcome, zeroCounts } from '@rowferry/roster';
import { anUpload, services, setupClients, setupProxy } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import { openAccess } from '../../test/api-settings.ts';
import { type ServedApi, serveApi } from '../../test/serve-api.ts';
import type { showOperations } from './contract.ts';
import { stepsOf } from './operations.ts';

type Operations = z.output<(typeof showOperations)['answers'][200]['schema']>;

async function get<Answer>({ url }: ServedApi, path: string): Promise<Answer> {
  const response = await fetch(url + path);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

test('operations are the services, the queues, and the rows that came since the last minute was recorded', async () => {
  const api = await serveApi(() => ({ dataDir: import.meta.dirname }));
  await recordRowTotals(api.database);
  const { id } = anUpload();
  await openUpload(api.database, anUpload({ id }));
  await writeRows(api.database, [], [{ uploadId: id, line: 2, attempts: 1, raw: 'x', errors: [] }]);

  const shown = await get<Operations>(api, '/v1/operations');

  const rows = { ...zeroCounts(), rejected: 1 };
  expect(shown).toMatchObject({
    services: ['postgres', 's3', 'sqs'].map((service) => ({ service, fault: null })),
    queues: ['rows', 'segments'].map((queue) => ({ queue, messages: { visible: 0, inFlight: 0, delayed: 0 } })),
    oldestUploadSeconds: 0,
    rows,
    unreadableMessages: 0,
    freeDiskBytes: expect.any(Number),
  });
  expect(shown.lastHour?.at(-1)).toMatchObject({ rows });
});

test('while Postgres and SQS are unavailable operations say so, and leave out what is not known', async () => {
  const shut: (() => Promise<void>)[] = [];
  const api = await serveApi(async ({ database: own, databaseUrl }) => {
    const postgres = await setupProxy(databaseUrl);
    const emulator = await setupProxy(services().endpoint);
    shut.push(postgres.shut, emulator.shut);
    const database = connect({ url: postgres.url, poolMax: 2, onWarning: () => {} });
    onTestFinished(() => database.destroy());
    // Who may ask is known; it is everything else that is unavailable.
    return { database, access: openAccess({ database: own }), sqs: setupClients(emulator.url).sqs };
  });
  for (const each of shut) await each();

  const shown = await get<Operations>(api, '/v1/operations');

  expect(shown.services).toEqual([
    { service: 'postgres', fault: 'is not reachable' },
    { service: 's3', fault: null },
    { service: 'sqs', fault: 'is not reachable' },
  ]);
  expect(shown.queues).toEqual(['rows', 'segments'].map((queue) => ({ queue, messages: null })));
  expect(shown).toMatchObject({ rows: null, lastHour: null, oldestUploadSeconds: null, unreadableMessages: null });
});

test('messages that nobody could read are listed, newest first, with the beginning of a long one', async () => {
  const api = await serveApi();
  const message = { messageId: 'one', queue: 'rows', body: 'é'.repeat(1500), reason: 'not JSON' };
  await saveUnreadableMessage(api.database, message);
  await api.database.raw("update unreadable_messages set received_at = now() - interval '1 minute'");
  await saveUnreadableMessage(api.database, { ...message, messageId: 'two', body: '{}' });

  const { data, pagination } = await get<{ data: object[]; pagination: object }>(api, '/v1/unreadable-messages');

  expect(data).toEqual([
    {
      messageId: 'two',
      queue: 'rows',
      reason: 'not JSON',
      bodyStart: '{}',
      bodyLength: 2,
      receivedAt: expect.any(String),
    },
    expect.objectContaining({ messageId: 'one', bodyStart: 'é'.repeat(1000), bodyLength: 1500 }),
  ]);
  expect(pagination).toMatchObject({ total: 2 });
});

const at = (minute: number, inserted: number, dead = 0) => ({
  taken_at: new Date(Date.UTC(2026, 10, 28, 9, minute)),
  rows: { inserted, dead },
});

test('a step has the rows between two totals, none that a redrive took back, and is longer where nothing was recorded', () => {
  const steps = stepsOf([at(0, 100, 5), at(1, 150, 0), at(7, 151, 0)], at(8, 151, 2));

  const rows = (inserted: number, dead = 0) => ({ ...byOutcome(() => 0), inserted, dead });
  expect(steps).toEqual([
    { from: '2026-11-28T09:00:00.000Z', to: '2026-11-28T09:01:00.000Z', rows: rows(50) },
    { from: '2026-11-28T09:01:00.000Z', to: '2026-11-28T09:07:00.000Z', rows: rows(1) },
    { from: '2026-11-28T09:07:00.000Z', to: '2026-11-28T09:08:00.000Z', rows: rows(0, 2) },
  ]);
  expect(stepsOf([], at(8, 151))).toEqual([]);
});
