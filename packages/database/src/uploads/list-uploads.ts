import type { Database } from '../connection/connect.ts';
import { query, statement, statementBuilder } from '../connection/query.ts';
import { UPLOAD_COLUMNS, type UploadRecord, type UploadStatus } from './find-upload.ts';
import { HAS_FAILED_ROWS } from './upload-counts.ts';
import { IS_OPEN } from './upload-expressions.ts';

/**
 * Conditions that a status implies and that an index can answer. The view computes the status exactly, but only after it has
 * summed the counts; these conditions leave it few uploads.
 */
const IMPLIED_BY: Record<UploadStatus, string> = {
  receiving: `${IS_OPEN} and received_at is null and started_at is null`,
  received: `${IS_OPEN} and received_at is not null and started_at is null`,
  processing: `${IS_OPEN} and started_at is not null`,
  completed: 'total_rows is not null',
  completed_with_errors: `id in (select upload_id from upload_counts where ${HAS_FAILED_ROWS})`,
  stalled: IS_OPEN,
  failed: '(failure is not null or received_at is null)',
};

/** Counting the uploads of one status goes no further: each has its rows summed up first. */
const COUNT_MAX = 10_000;

export type UploadPage = { uploads: UploadRecord[]; total: number; totalRelation: 'eq' | 'gte' };

type PageSettings = { limit: number; offset: number };

/** One page of uploads, of one status or of all, newest first, and how many there are: of one status, 10,000 or more are `gte`. */
export function listUploads(
  database: Database,
  { status, ...page }: PageSettings & { status?: UploadStatus | undefined },
): Promise<UploadPage> {
  return status === undefined ? listAll(database, page) : listWithStatus(database, status, page);
}

/** Which uploads are on the page is known without their counts, so these are only summed up for those. */
const LIST_UPLOADS = statement(`
  select ${UPLOAD_COLUMNS} from upload_status
  where id = any(array(select id from uploads order by id desc limit :limit offset :offset))
  order by id desc`);
const COUNT_UPLOADS = statement('select count(*) as total from uploads');

async function listAll(database: Database, page: PageSettings): Promise<UploadPage> {
  const [uploads, [count]] = await Promise.all([
    query<UploadRecord>(database, LIST_UPLOADS, page),
    query<{ total: number }>(database, COUNT_UPLOADS),
  ]);
  return { uploads, total: count?.total ?? 0, totalRelation: 'eq' };
}

const withStatus = (status: UploadStatus) => `from upload_status where status = :status and ${IMPLIED_BY[status]}`;

export const LIST_WITH_STATUS = statementBuilder(
  (status: UploadStatus) =>
    `select ${UPLOAD_COLUMNS} ${withStatus(status)} order by id desc limit :limit offset :offset`,
);
export const COUNT_WITH_STATUS = statementBuilder(
  (status: UploadStatus) => `select count(*) as total from (select ${withStatus(status)} limit :countRows) counted`,
);

async function listWithStatus(database: Database, status: UploadStatus, page: PageSettings): Promise<UploadPage> {
  const bindings = { ...page, status, countRows: COUNT_MAX + 1 };
  const [uploads, [count]] = await Promise.all([
    query<UploadRecord>(database, LIST_WITH_STATUS(status), bindings),
    query<{ total: number }>(database, COUNT_WITH_STATUS(status), bindings),
  ]);
  const total = count?.total ?? 0;
  const isExact = total <= COUNT_MAX;
  return { uploads, total: Math.min(total, COUNT_MAX), totalRelation: isExact ? 'eq' : 'gte' };
}
