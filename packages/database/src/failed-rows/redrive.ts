import type { SourceObject } from '@rowferry/messages';
import { type Employee, rowOf, type ShapedRow } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';

/** Rows taken out of the ledger and sent in one transaction. */
const PAGE_ROWS = 1000;
/** Redrives subtract in a shard of their own, so that they do not hold up batches that add. */
const REDRIVE_SHARD = -1;

/** What of an upload can be redriven. */
export type RedriveState = {
  dead: number;
  /** The object itself must be read again: reading failed for no fault of the file, or the upload has stalled. */
  mustReread: boolean;
};

export async function findRedriveState(database: Database, uploadId: string): Promise<RedriveState | undefined> {
  const { rows } = await database.raw<{ rows: RedriveState[] }>(
    `select dead, (status = 'stalled' or failure ->> 'code' in ('internal', 'object_gone')) is true as "mustReread"
     from upload_status where id = ?`,
    [uploadId],
  );
  return rows[0];
}

/**
 * Takes the dead rows of an upload out of the ledger and the counts and hands them to `send`, a page at a time, each in
 * one transaction: it commits when all of the page are sent. When it does not, they are dead as before, and those that
 * were sent land all the same, since a dead row that comes again lands. Two redrives of one upload take turns.
 *
 * Not all in one transaction: until the commit, whoever writes a row that was sent waits, and tries run out meanwhile.
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

function redrivePage(
  database: Database,
  uploadId: string,
  afterLine: number,
  send: (rows: ShapedRow[]) => Promise<void>,
): Promise<ShapedRow[]> {
  return database.transaction(async (transaction) => {
    await transaction.raw('update uploads set redriven_at = now(), marked_completed_at = null where id = ?', [
      uploadId,
    ]);
    const rows = await takeDeadRows(transaction, uploadId, afterLine);
    if (rows.length === 0) return rows;
    await send(rows);
    await subtractDead(transaction, uploadId, rows.length);
    return rows;
  });
}

/**
 * A dead row passed the rules before it died, so its raw values are those of an employee; in a column that it lacks, as one
 * that was added since, it is blank. In order of line.
 */
async function takeDeadRows(transaction: Database, uploadId: string, afterLine: number): Promise<ShapedRow[]> {
  const { rows } = await transaction.raw<{ rows: { line: number; raw: Partial<Employee> }[] }>(
    `delete from upload_rows r
     using (
       select line from upload_rows
       where upload_id = :uploadId and outcome = 'dead' and line > :afterLine
       order by line limit :limit for update
     ) d
     where r.upload_id = :uploadId and r.line = d.line
     returning r.line, r.raw`,
    { uploadId, afterLine, limit: PAGE_ROWS },
  );
  return rows.map(({ line, raw }) => rowOf(line, (column) => raw[column] ?? '')).toSorted((a, b) => a.line - b.line);
}

async function subtractDead(transaction: Database, uploadId: string, rows: number): Promise<void> {
  await transaction.raw(
    `insert into upload_counts as c (upload_id, shard, dead) values (:uploadId, :shard, -:rows::bigint)
     on conflict (upload_id, shard) do update set dead = c.dead + excluded.dead, updated_at = now()`,
    { uploadId, shard: REDRIVE_SHARD, rows },
  );
}

/**
 * Forgets how reading an upload went, so that it can be read again; its rows that landed stay. The object is handed
 * to `send` before this commits.
 */
export async function rereadUpload(
  database: Database,
  uploadId: string,
  send: (upload: SourceObject) => Promise<void>,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const { rows } = await transaction.raw<{ rows: SourceObject[] }>(
      `update uploads set failure = null, segments = null, total_rows = null, read_at = null, redriven_at = now(), marked_completed_at = null
       where id = ?
       returning id, bucket, object_key as key, etag, version_id as "versionId", file_name as "fileName",
         size_bytes as "sizeBytes", to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "receivedAt"`,
      [uploadId],
    );
    await transaction.raw('delete from upload_segments where upload_id = ?', [uploadId]);
    for (const upload of rows) await send(upload);
  });
}
