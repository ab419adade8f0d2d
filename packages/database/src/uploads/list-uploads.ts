import type { Database } from '../connection/connect.ts';
import { UPLOAD_COLUMNS, type UploadRecord, type UploadStatus } from './find-upload.ts';
import { IS_OPEN } from './upload-expressions.ts';

/**
 * What a status implies that an index tells. The view says the status exactly, but only after summing counts: these spare
 * it most of the uploads.
 */
const IMPLIED_BY: Record<UploadStatus, string> = {
  receiving: `${IS_OPEN} and received_at is null and started_at is null`,
  received: `${IS_OPEN} and received_at is not null and started_at is null`,
  processing: `${IS_OPEN} and started_at is not null`,
  completed: 'total_rows is not null',
  completed_with_errors: 'id in (select upload_id from upload_counts where rejected > 0 or dead > 0)',
  stalled: IS_OPEN,
  failed: '(failure is not null or received_at is null)',
};

/** Of uploads of one status there are counted no more: each has its rows summed up first. */
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
async function listAll(database: Database, page: PageSettings): Promise<UploadPage> {
  const [uploads, count] = await Promise.all([
    database.raw<{ rows: UploadRecord[] }>(
      `select ${UPLOAD_COLUMNS} from upload_status
       where id = any(array(select id from uploads order by id desc limit :limit offset :offset))
       order by id desc`,
      page,
    ),
    database.raw<{ rows: { total: number }[] }>('select count(*) as total from uploads'),
  ]);
  return { uploads: uploads.rows, total: count.rows[0]?.total ?? 0, totalRelation: 'eq' };
}

async function listWithStatus(database: Database, status: UploadStatus, page: PageSettings): Promise<UploadPage> {
  const matching = `from upload_status where status = :status and ${IMPLIED_BY[status]}`;
  const bindings = { ...page, status, bound: COUNT_MAX + 1 };
  const [uploads, count] = await Promise.all([
    database.raw<{ rows: UploadRecord[] }>(
      `select ${UPLOAD_COLUMNS} ${matching} order by id desc limit :limit offset :offset`,
      bindings,
    ),
    database.raw<{ rows: { total: number }[] }>(
      `select count(*) as total from (select ${matching} limit :bound) bounded`,
      bindings,
    ),
  ]);
  const total = count.rows[0]?.total ?? 0;
  const isExact = total <= COUNT_MAX;
  return { uploads: uploads.rows, total: Math.min(total, COUNT_MAX), totalRelation: isExact ? 'eq' : 'gte' };
}
