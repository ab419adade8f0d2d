import { KEY_COLUMN } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { sqlState } from '../connection/error-class.ts';
import { query, statement } from '../connection/query.ts';
import { addCounts } from '../uploads/upload-counts.ts';
import { BATCH, type Batch, bindingsOf, COLUMN_LIST, type WrittenRow } from './batch.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * Writes what is new: employees that do not exist yet, and rejected rows. The rest of the batch is deferred.
 *
 * - `inserted`: of rows with one e-mail the newest comes first, and gets it. An e-mail that is there, or that another
 *   transaction is about to commit, is left alone. In order of e-mail, so that two batches cannot deadlock.
 * - `entered`, `refused`: plain inserts. A row that the ledger has though its employee is not there (it is dead, or somebody
 *   deleted the employee) makes the whole statement fail: it must not insert an employee. So does a rejected row that comes
 *   again.
 * - The rows to defer are looked for only if not every row was inserted.
 */
const INSERT_ROWS = statement(`
  with ${BATCH},
  inserted as (
    insert into employees (${COLUMN_LIST}, received_at, upload_id, line)
    select ${COLUMN_LIST}, received_at, upload_id, line
    from valid
    order by ${KEY_COLUMN}, received_at desc, upload_id desc, line desc
    on conflict (${KEY_COLUMN}) do nothing
    returning upload_id, line
  ),
  entered as (
    insert into upload_rows (upload_id, line, outcome, attempts)
    select distinct on (upload_id, line) upload_id, line, 'inserted'::row_outcome, attempts
    from inserted join valid using (upload_id, line)
    order by upload_id, line
    returning upload_id
  ),
  refused as (
    insert into upload_rows (upload_id, line, outcome, attempts, raw, errors)
    select upload_id, line, 'rejected', attempts, raw, errors from rejected order by upload_id, line
    returning upload_id
  ),
  outcomes as (
    select upload_id, 'inserted' as outcome, count(*) as rows from entered group by upload_id
    union all
    select upload_id, 'rejected', count(*) from refused group by upload_id
  ),
  counted as (${addCounts('outcomes', (outcome) => `coalesce(sum(rows) filter (where outcome = '${outcome}'), 0)`, ['inserted', 'rejected'])}
  )
  select outcome, rows, null::uuid as upload_id, null::integer as line from outcomes
  union all
  select 'deferred', 1, v.upload_id, v.line
  from valid v
  where (select count(*) from inserted) < (select count(*) from valid)
    and not exists (select from inserted i where i.upload_id = v.upload_id and i.line = v.line)`);

/** Writes the rows of a batch that are new to employees and ledger: see `INSERT_ROWS`. */
export async function insertRows(database: Database, batch: Batch): Promise<WrittenRow[]> {
  try {
    return await query<WrittenRow>(database, INSERT_ROWS, bindingsOf(batch));
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    return [...batch.valid, ...batch.rejected].map(({ uploadId, line }) => ({
      outcome: 'deferred',
      upload_id: uploadId,
      line,
    }));
  }
}
