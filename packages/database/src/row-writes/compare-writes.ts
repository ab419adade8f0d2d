import { type Employee, KEY_COLUMN, NAME_COLUMN, type OutcomeCounts } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, type Statement, statement } from '../connection/query.ts';
import { NAMED_MAX, NAMES_MAX, type NameFacts, type RenamingRow, type SharedAddress } from '../uploads/name-facts.ts';
import { rawOf } from './batch.ts';
import { CONTENT } from './employee-content.ts';

const SECOND = 1000;
/** Longest that the comparison may take, in milliseconds. A million rows take some 3 s, and it goes over all at once. */
const COMPARE_TIMEOUT_MS = 300 * SECOND;

/** Changes that are listed. */
export const CHANGES_MAX = 100;
/** Lines in which changes are looked for together. */
const BLOCK_LINES = 1000;

/** Outcomes that rows have by being written. */
export type WriteCounts = Pick<OutcomeCounts, 'inserted' | 'updated' | 'unchanged' | 'superseded'>;

/** A row that changes an employee who is there. */
export type Change = { line: number; before: Employee; after: Employee };

/** What writing the rows of a file would do; `changes` are the first by line, CHANGES_MAX at most. */
export type WritePreview = { counts: WriteCounts; names: NameFacts; changes: Change[] };

const ALLOW_COMPARISON = statement(`set local statement_timeout = ${COMPARE_TIMEOUT_MS}`);
// Autovacuum does not analyze temporary tables, and without its size the join is planned for a few rows.
const ANALYZE_DRY_RUN = statement('analyze dry_run');

/** Compares the rows of a dry run with the employees. */
export async function compareWrites(transaction: Database, rows: number): Promise<WritePreview> {
  await query(transaction, ALLOW_COMPARISON);
  await query(transaction, ANALYZE_DRY_RUN);
  const { changed_blocks, renaming_blocks, names_changed, ...counts } = await compare(transaction, rows);
  const shared = counts.superseded === 0 ? NOT_SHARED : await findShared(transaction);
  const names = { names_changed, renaming_rows: await listRenamings(transaction, renaming_blocks), ...shared };
  return { counts, names, changes: await listChanges(transaction, changed_blocks) };
}

/** So many rows of a block of lines. */
type Block = [block: number, rows: number];

type Compared = WriteCounts & {
  names_changed: number;
  /** Blocks that have such rows, in order; null where there are none. */
  changed_blocks: Block[] | null;
  renaming_blocks: Block[] | null;
};

const BLOCK = `d.line / ${BLOCK_LINES}`;
const IS_CHANGED = `${CONTENT('e')} <> ${CONTENT('d')}`;
const IS_RENAMED = `e.${NAME_COLUMN} <> d.${NAME_COLUMN}`;

/** Goes over all rows once, and says which lines the first changes are among: to sort all changes by line takes as long again. */
const COMPARE = statement(`
  select
    coalesce(sum(inserted), 0)::bigint as inserted,
    coalesce(sum(updated), 0)::bigint as updated,
    coalesce(sum(employees - inserted - updated), 0)::bigint as unchanged,
    ?::bigint - coalesce(sum(employees), 0)::bigint as superseded,
    coalesce(sum(renamed), 0)::bigint as names_changed,
    json_agg(json_build_array(block, updated) order by block) filter (where updated > 0) as changed_blocks,
    json_agg(json_build_array(block, renamed) order by block) filter (where renamed > 0) as renaming_blocks
  from (
    select
      ${BLOCK} as block,
      count(*) as employees,
      count(*) filter (where e.id is null) as inserted,
      count(*) filter (where e.id is not null and ${IS_CHANGED}) as updated,
      count(*) filter (where ${IS_RENAMED}) as renamed
    from dry_run d left join employees e on e.${KEY_COLUMN} = d.${KEY_COLUMN}
    group by block
  ) blocks`);

async function compare(transaction: Database, rows: number): Promise<Compared> {
  const [compared] = await overAll<Compared>(transaction, COMPARE, [rows]);
  if (compared === undefined) throw new Error('an aggregate without a row');
  return compared;
}

const LIST_CHANGES = statement(`
  select d.line, ${rawOf('e')} as before, ${rawOf('d')} as after
  from dry_run d join employees e on e.${KEY_COLUMN} = d.${KEY_COLUMN}
  where ${BLOCK} = any(?::integer[]) and ${IS_CHANGED}
  order by d.line limit ${CHANGES_MAX}`);

async function listChanges(transaction: Database, blocks: Block[] | null): Promise<Change[]> {
  if (blocks === null) return [];
  return overAll<Change>(transaction, LIST_CHANGES, [blocksOf(blocks, CHANGES_MAX)]);
}

const LIST_RENAMINGS = statement(`
  select d.line, e.${NAME_COLUMN} as "nameBefore"
  from dry_run d join employees e on e.${KEY_COLUMN} = d.${KEY_COLUMN}
  where ${BLOCK} = any(?::integer[]) and ${IS_RENAMED}
  order by d.line limit ${NAMED_MAX}`);

async function listRenamings(transaction: Database, blocks: Block[] | null): Promise<RenamingRow[] | null> {
  if (blocks === null) return null;
  return overAll<RenamingRow>(transaction, LIST_RENAMINGS, [blocksOf(blocks, NAMED_MAX)]);
}

/** The blocks that the first rows are in, so many of them. */
function blocksOf(blocks: readonly Block[], rows: number): number[] {
  const first: number[] = [];
  let found = 0;
  for (const [block, ofBlock] of blocks) {
    if (found >= rows) break;
    first.push(block);
    found += ofBlock;
  }
  return first;
}

type Shared = Pick<NameFacts, 'shared_addresses' | 'shared_names'>;

const NOT_SHARED: Shared = { shared_addresses: 0, shared_names: null };

const FIND_SHARED = statement(`
  with shared as materialized (
    select email, min(line) as first_line from dry_run_names group by email having count(*) > 1
  ),
  first_shared as (
    select * from shared order by first_line limit ${NAMED_MAX}
  )
  select f.email, n.names, n.lines, (select count(*) from shared) as total
  from first_shared f cross join lateral (
    select array_agg(name order by line) as names, array_agg(line order by line) as lines
    from (select name, line from dry_run_names where email = f.email order by line limit ${NAMES_MAX}) first_names
  ) n
  order by f.first_line`);

async function findShared(transaction: Database): Promise<Shared> {
  const found = await overAll<SharedAddress & { total: number }>(transaction, FIND_SHARED);
  const [first] = found;
  if (first === undefined) return NOT_SHARED;
  return {
    shared_addresses: first.total,
    shared_names: found.map(({ email, names, lines }) => ({ email, names, lines })),
  };
}

/** Sends a statement that goes over all rows. */
function overAll<Row extends object>(
  transaction: Database,
  all: Statement,
  bindings: (number | number[])[] = [],
): Promise<Row[]> {
  // Longer than the server's timeout, so that the server is the one to end the statement.
  return query<Row>(transaction, all, bindings, { clientTimeoutMs: COMPARE_TIMEOUT_MS + 5 * SECOND });
}
