import { putProfile } from '@rowferry/aws';
import { type BackfillStore, requestBackfill } from '@rowferry/backfill';
import { createBackfillHandler } from '@rowferry/backfill-lambda';
import { type BackfillRecord, findBackfill, LeaderElection, RECEIVED_UPLOADS } from '@rowferry/database';
import { csvOf, type Fixtures, handlerSettings, putObject, setup } from '@rowferry/testing';
import { expect, onTestFinished } from 'vitest';
import { BackfillRunner } from '../src/backfills/backfill-runner.ts';
import type { TaskHandler } from '../src/backfills/run-execution.ts';
import { startWorker } from '../src/start-worker.ts';
import { WorkerMetrics } from '../src/worker-metrics.ts';

export const PAUSES = { wait: 100, retry: 10 };
/** A file of the profile `payroll`, which says the company of all. */
const HEADER = ['employee_name', 'mobile_no', 'email'];

export type BackfillFixtures = Fixtures & {
  store: BackfillStore;
  /** The tasks as they are. */
  handler: TaskHandler;
  put(key: string, content: string | Uint8Array): ReturnType<typeof putObject>;
  /** A file of so many people of its own. */
  putFile(name: string, rows?: number): ReturnType<typeof putObject>;
  /** Asks for a backfill of `incoming/` by the profile `payroll`. @returns its id. */
  request(concurrency?: number): Promise<string>;
  run(handler?: TaskHandler): { runner: BackfillRunner; leaderElection: LeaderElection };
  /** The backfill when it has ended. */
  ended(id: string): Promise<BackfillRecord>;
};

/** A worker that imports what is in the bucket but runs no backfills: these are the test's to run. */
export async function setupBackfill(): Promise<BackfillFixtures> {
  const fixtures = await setup();
  const { database, databaseUrl, s3, bucket, log } = fixtures;
  const worker = startWorker({
    ...handlerSettings(fixtures),
    leaderElection: new LeaderElection({ url: databaseUrl, job: 'watch', channel: RECEIVED_UPLOADS }),
    objectQueue: undefined,
    consumerConcurrency: 2,
    backfills: undefined,
    webhooksQueueUrl: undefined,
    webhookSender: { allowPrivate: false },
    faultRate: 0,
    metrics: new WorkerMetrics(),
  });
  onTestFinished(() => worker.stop());
  await putProfile(s3, bucket, 'payroll', {
    settings: { constants: { company_name: 'Acme' } },
    header: HEADER,
    updatedAt: '2026-11-28T12:00:00.000Z',
  });
  const store = { database, s3, bucket, allowedPrefix: undefined };
  const handler = createBackfillHandler({ ...store, maxUploadBytes: 2 ** 20, logger: log.logger });
  const put = (key: string, content: string | Uint8Array) => putObject(s3, { bucket, key, content });
  return {
    ...fixtures,
    store,
    handler,
    put,
    putFile(name, rows = 2) {
      const people = Array.from({ length: rows }, (_, row) => [`P ${row}`, '0123456789', `${name}-${row}@x.org`]);
      return put(`incoming/${name}.csv`, csvOf([HEADER, ...people]));
    },
    async request(concurrency = 20) {
      const { backfill } = await requestBackfill(store, { prefix: 'incoming/', profile: 'payroll', concurrency });
      return backfill.id;
    },
    run(given = handler) {
      const leaderElection = new LeaderElection({
        url: databaseUrl,
        job: 'backfills',
        channel: 'rowferry_opened_backfills',
      });
      const runner = new BackfillRunner({
        database,
        bucket,
        handler: given,
        leaderElection,
        logger: log.logger,
        pauses: PAUSES,
      });
      onTestFinished(() => runner.stop());
      return { runner, leaderElection };
    },
    async ended(id) {
      await expect
        .poll(async () => (await findBackfill(database, id))?.status, { timeout: 60_000, interval: 100 })
        .not.toBe('running');
      const backfill = await findBackfill(database, id);
      if (backfill === undefined) throw new Error('the backfill is gone');
      return backfill;
    },
  };
}
