import type { Database } from '../connection/connect.ts';
import { query, statement, statementBuilder } from '../connection/query.ts';
import type { BackfillFileState, BackfillReason } from './backfill-record.ts';

/** An object that a backfill loads. */
export type BackfillFile = {
  id: number;
  bucket: string;
  key: string;
  etag: string;
  sizeBytes: number;
  lastModified: Date;
  state: BackfillFileState;
  reason: BackfillReason | null;
  uploadId: string | null;
  /** Of the backfill. */
  settingsId: string | null;
};

const COLUMNS = `
  f.id, f.bucket, f.object_key as key, f.etag, f.size_bytes as "sizeBytes", f.last_modified as "lastModified",
  f.state, f.reason, f.upload_id as "uploadId", b.settings_id as "settingsId"`;

const FIND_FILE = statement(`
  select ${COLUMNS} from backfill_files f join backfills b on b.id = f.backfill_id where f.backfill_id = ? and f.id = ?`);

export async function findBackfillFile(
  database: Database,
  backfillId: string,
  id: number,
): Promise<BackfillFile | undefined> {
  const [file] = await query<BackfillFile>(database, FIND_FILE, [backfillId, id]);
  return file;
}

const inState = (state: BackfillFileState | undefined) =>
  `f.backfill_id = :backfillId ${state === undefined ? '' : 'and f.state = :state'}`;

export const LIST_BACKFILL_FILES = statementBuilder(
  (state: BackfillFileState | undefined) => `
    select ${COLUMNS} from backfill_files f join backfills b on b.id = f.backfill_id
    where ${inState(state)} order by f.last_modified, f.id limit :limit offset :offset`,
);
export const COUNT_BACKFILL_FILES = statementBuilder(
  (state: BackfillFileState | undefined) => `select count(*) as total from backfill_files f where ${inState(state)}`,
);

/** One page of the files of a backfill, of one state or of all, in the order in which they came into the bucket. */
export async function listBackfillFiles(
  database: Database,
  backfillId: string,
  { state, ...page }: { state: BackfillFileState | undefined; limit: number; offset: number },
): Promise<{ files: BackfillFile[]; total: number }> {
  const bindings = { ...page, backfillId, ...(state !== undefined && { state }) };
  const [files, [count]] = await Promise.all([
    query<BackfillFile>(database, LIST_BACKFILL_FILES(state), bindings),
    query<{ total: number }>(database, COUNT_BACKFILL_FILES(state), bindings),
  ]);
  return { files, total: count?.total ?? 0 };
}
