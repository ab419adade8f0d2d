import { findBackfill } from '@rowferry/database';
import { putObject, services, setup, setupClients, setupProxy } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { createBackfillHandler } from './handler.ts';

async function setupHandler() {
  const fixtures = await setup();
  const settings = { ...fixtures, allowedPrefix: undefined, maxUploadBytes: 1000, logger: fixtures.log.logger };
  const handler = createBackfillHandler({ ...settings, concurrencyMax: 3 });
  const open = (request: object) => handler({ operation: 'open', request });
  return { ...fixtures, settings, handler, open };
}

test('a schedule opens a backfill of what is there, with no more at once than the stage has; of nothing, none', async () => {
  const { open, s3, bucket, database } = await setupHandler();
  const nothing = await open({ prefix: 'incoming/' });
  await putObject(s3, { bucket, key: 'incoming/a.csv', content: 'x' });
  const opened = await open({ prefix: 'incoming/', concurrency: 40 });

  expect(nothing).toMatchObject({ backfillId: null, isFinished: true });
  expect(opened).toMatchObject({ concurrency: 3, isFinished: false, batch: { handled: 0 }, nextRound: 1 });
  const { backfillId } = { backfillId: '', ...opened };
  expect(await findBackfill(database, backfillId)).toMatchObject({ prefix: 'incoming/', concurrency: 40 });
  expect(await open({ prefix: 'incoming/' })).toMatchObject({ backfillId });
  expect(await open({ backfillId, round: 7 })).toMatchObject({ nextName: `${backfillId}-8`, nextRound: 8 });
  await expect(open({ prefix: 'uploads/' })).rejects.toMatchObject({ name: 'BackfillRefusedError' });
});

test('what is no task is refused, and a service that is unavailable is said by a name that is retried for longer', async () => {
  const { handler, settings } = await setupHandler();
  const proxy = await setupProxy(services().endpoint);
  const { s3 } = setupClients(proxy.url);
  await proxy.shut();

  await expect(handler({ operation: 'drop', backfillId: 'x' })).rejects.toMatchObject({ name: 'ZodError' });
  const opening = createBackfillHandler({ ...settings, s3 })({ operation: 'open', request: { prefix: 'incoming/' } });
  await expect(opening).rejects.toMatchObject({ name: 'ServiceUnavailable', message: 'Postgres or S3 is unavailable' });
});
