import type { SourceObject } from '@rowferry/messages';
import { type Employee, rowOf, type ShapedRow } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** Rows taken out of the ledger and sent in one transaction. */
const PAGE_ROWS = 1000;
/** Redrives subtract in a shard of their own, so that they do not hold up batches that add. */
const REDRIVE_SHARD = -1;

/** What of an upload can be redriven. */
export type RedriveState = {
  dead: number;
  /** The object itself must be read again: reading failed by no fault of the file, or the upload has stalled. */
  mustReread: boolean;
};

const FIND_REDRIVE_STATE = statement(`
  select dead, (status = 'stalled' or failure ->> 'code' in ('internal', 'object_gone')) is true as "mustReread"
  from upload_status where id = ?`);

export async function findRedriveState(database: Database, uploadId: string): Promise<RedriveState | undefined> {
  const [state] = await query<RedriveState>(database, FIND_REDRIVE_STATE, [uploadId]);
  return state;
}

/**
 * Takes the dead rows of an upload out of the ledger and the counts and passes them to `send`, a page at a time, each in
 * one transaction, which commits when all rows of the page are sent. When it does not commit, they are dead as before; those
 * that were sent are written all the same, since a dead row that is delivered again is written. Two redrives of one upload
 * take turns.
 *
 * Not all in one transaction: until it commits, the writer of a row that was sent waits, and attempts run out meanwhile.
 *
 * @returns how many rows were sent.
 */
export async function redriveDeadRows(
  database: Database,
  uploadId: string,
  send: (rows: ShapedRow[]) => Promise<void>,
): Promise<number> {
  let total = 0;
  // Onwards by line: a row that dies again meanwhile is left to the next redrive.
  for (let afterLine = 0; ; ) {
    const rows = await redrivePage(database, uploadId, afterLine, send);
    total += rows.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return total;
    afterLine = last.line;
  }
}

const MARK_REDRIVEN = statement('update uploads set redriven_at = now(), marked_completed_at = null where id = ?');

function redrivePage(
  database: Database,
  uploadId: string,
  afterLine: number,
  send: (rows: ShapedRow[]) => Promise<void>,
): Promise<ShapedRow[]> {
  return database.transaction(async (transaction) => {
    await query(transaction, MARK_REDRIVEN, [uploadId]);
    const rows = await takeDeadRows(transaction, uploadId, afterLine);
    if (rows.length === 0) return rows;
    await send(rows);
    await subtractDead(transaction, uploadId, rows.length);
    return rows;
  });
}

const TAKE_DEAD_ROWS = statement(`
  delete from upload_rows r
  using (
    select line from upload_rows
    where upload_id = :uploadId and outcome = 'dead' and line > :afterLine
    order by line limit :limit for update
  ) d
  where r.upload_id = :uploadId and r.line = d.line
  returning r.line, r.raw`);

/**
 * A dead row was valid before it died, so its raw values are those of an employee. A column that it lacks, such as one that
 * was added since, is blank. In order of line.
 */
async function takeDeadRows(transaction: Database, uploadId: string, afterLine: number): Promise<ShapedRow[]> {
  const bindings = { uploadId, afterLine, limit: PAGE_ROWS };
  const rows = await query<{ line: number; raw: Partial<Employee> }>(transaction, TAKE_DEAD_ROWS, bindings);
  return rows.map(({ line, raw }) => rowOf(line, (column) => raw[column] ?? '')).toSorted((a, b) => a.line - b.line);
}

const SUBTRACT_DEAD = statement(`
  insert into upload_counts as c (upload_id, shard, dead) values (:uploadId, :shard, -:rows::bigint)
  on conflict (upload_id, shard) do update set dead = c.dead + excluded.dead, updated_at = now()`);

async function subtractDead(transaction: Database, uploadId: string, rows: number): Promise<void> {
  await query(transaction, SUBTRACT_DEAD, { uploadId, shard: REDRIVE_SHARD, rows });
}

const RESET_READING = statement(`
  update uploads
  set failure = null, segments = null, total_rows = null, read_at = null, redriven_at = now(), marked_completed_at = null
  where id = ?
  returning id, bucket, object_key as key, etag, version_id as "versionId", file_name as "fileName",
    size_bytes as "sizeBytes", to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "receivedAt"`);
const DELETE_SEGMENTS = statement('delete from upload_segments where upload_id = ?');

/**
 * Resets what is known of reading an upload, so that it can be read again. Rows that were written stay. The object is
 * passed to `send` before this commits.
 */
export async function rereadUpload(
  database: Database,
  uploadId: string,
  send: (upload: SourceObject) => Promise<void>,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const uploads = await query<SourceObject>(transaction, RESET_READING, [uploadId]);
    await query(transaction, DELETE_SEGMENTS, [uploadId]);
    for (const upload of uploads) await send(upload);
  });
}
