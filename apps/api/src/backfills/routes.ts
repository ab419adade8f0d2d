import { BackfillRefusedError, type BackfillRequest, type BackfillStore, requestBackfill } from '@rowferry/backfill';
import {
  type BackfillRecord,
  failBackfill,
  findBackfill,
  listBackfillFiles,
  listBackfills,
  type StoredBackfill,
  withCounts,
} from '@rowferry/database';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, pageReply } from '../http/pagination.ts';
import { ApiProblem, serviceUnavailable } from '../problems/api-problem.ts';
import * as contract from './contract.ts';
import { toBackfillFileResource, toBackfillResource } from './resource.ts';

export type BackfillSettings = Pick<BackfillStore, 'database' | 's3' | 'bucket'> & {
  /** Backfills are allowed below it only. */
  backfillPrefix: string | undefined;
  /** Starts an execution of the state machine, on AWS; undefined where a worker finds the backfill by itself. */
  startExecution: ((backfillId: string, round: number) => Promise<void>) | undefined;
};

/** So long after the last task nothing runs any more: tasks wait a minute at most, and their retries some more. */
const UNTOUCHED_MS = 30 * 60_000;

export function backfillRoutes(settings: BackfillSettings): Route[] {
  const { database } = settings;

  return [
    serve(contract.createBackfill, async ({ body }, request) => {
      const { backfill, isNew } = await requestOrRefuse(settings, body);
      await ensureExecution(settings, backfill, isNew);
      request.log.info({ backfillId: backfill.id, prefix: backfill.prefix, isNew }, 'backfill requested');
      const headers = { Location: `/v1/backfills/${backfill.id}` };
      return { status: isNew ? 202 : 200, headers, body: toBackfillResource(await withCounts(database, backfill)) };
    }),

    serve(contract.listBackfills, async ({ query: page }, request) => {
      const { backfills, total } = await listBackfills(database, { limit: page.limit, offset: offsetOf(page) });
      return pageReply(request, page, backfills.map(toBackfillResource), { total, totalRelation: 'eq' });
    }),

    serve(contract.showBackfill, async ({ path: { backfillId } }) => {
      return { status: 200, body: toBackfillResource(await requireBackfill(backfillId)) };
    }),

    serve(contract.listBackfillFiles, async ({ path: { backfillId }, query: { state, ...page } }, request) => {
      await requireBackfill(backfillId);
      const where = { state, limit: page.limit, offset: offsetOf(page) };
      const { files, total } = await listBackfillFiles(database, backfillId, where);
      return pageReply(request, page, files.map(toBackfillFileResource), { total, totalRelation: 'eq' });
    }),
  ];

  async function requireBackfill(id: string): Promise<BackfillRecord> {
    const backfill = await findBackfill(database, id);
    if (backfill === undefined) throw new ApiProblem('backfill_not_found', `There is no backfill ${id}.`);
    return backfill;
  }
}

/** @throws ApiProblem when it must not begin. */
async function requestOrRefuse({ backfillPrefix: allowedPrefix, ...store }: BackfillSettings, wanted: BackfillRequest) {
  return requestBackfill({ ...store, allowedPrefix }, wanted).catch((error: unknown) => {
    if (!(error instanceof BackfillRefusedError)) throw error;
    const { code, message } = error;
    const errors =
      code === 'backfill_running'
        ? []
        : code === 'unknown_profile'
          ? [{ parameter: 'profile', message: 'is not known' }]
          : [{ parameter: 'prefix', message: code === 'empty_prefix' ? 'has no objects' : 'is not allowed' }];
    throw new ApiProblem(code, message, { errors });
  });
}

/**
 * Starts an execution for a new backfill, and another for one whose execution has ended without it, such as when Postgres was
 * unavailable for longer than retries last.
 *
 * @throws ApiProblem `unavailable` when Step Functions does not take it; the backfill has failed then.
 */
async function ensureExecution(
  { database, startExecution }: BackfillSettings,
  { id, touched_at }: StoredBackfill,
  isNew: boolean,
): Promise<void> {
  const untouchedMs = Date.now() - touched_at.getTime();
  if (startExecution === undefined || (!isNew && untouchedMs < UNTOUCHED_MS)) return;
  try {
    // Rounds of an execution that was started later have numbers of their own.
    await startExecution(id, isNew ? 0 : Math.floor(Date.now() / 1000));
  } catch (error) {
    const detail = 'Step Functions did not start it. Start it again.';
    if (isNew) await failBackfill(database, id, { code: 'not_started', detail });
    throw serviceUnavailable('Step Functions did not start the backfill. Try again later.', error);
  }
}
