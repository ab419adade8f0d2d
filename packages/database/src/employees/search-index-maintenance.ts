import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** Rows that a process writes between two merges: fewer while the search index is behind, more while it is not. */
const ROWS_BETWEEN = { min: 8_000, max: 64_000 };
/** With more pages of 8 KiB in the pending list, the index is behind: twice as many as writers that merge keep up with. */
const PAGES_BEHIND = 2_000;

/**
 * What is written waits in a list (GIN's pending list,
 * https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE) until a writer who comes upon more than 4 MB of it merges
 * it into the search index; nobody else can meanwhile, and the others go on writing. Where they are faster than it, because
 * the index is large or because they are many, the list grows by hundreds of MB: a write takes as long as its time limit
 * is, and every search reads all of the list.
 *
 * So each process merges the list from time to time, and waits for one that is merging. Writers that are too fast wait.
 * Only the index's owner may; for others, autovacuum has to do.
 */
const MERGE_PENDING = statement(`
  select gin_clean_pending_list(oid) as pages from pg_class
  where oid = to_regclass('employees_search') and pg_has_role(relowner, 'usage')`);

/** Merges the search index's pending list as this process writes rows. */
export class SearchIndexMaintenance {
  readonly #database: Database;
  #rows = 0;
  #rowsBetween = ROWS_BETWEEN.min;

  constructor(database: Database) {
    this.#database = database;
  }

  /** To be called after rows were written. @throws what the database throws; the rows stay written. */
  async wrote(rows: number): Promise<void> {
    this.#rows += rows;
    if (this.#rows < this.#rowsBetween) return;
    this.#rows = 0;
    const [merged] = await query<{ pages: number }>(this.#database, MERGE_PENDING);
    const isBehind = (merged?.pages ?? 0) > PAGES_BEHIND;
    this.#rowsBetween = isBehind ? ROWS_BETWEEN.min : Math.min(2 * this.#rowsBetween, ROWS_BETWEEN.max);
  }
}
