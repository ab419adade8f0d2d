import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** Rows that a process writes before it sees to the search index: fewer while that is behind, more while it is not. */
const ROWS_BETWEEN = { min: 8_000, max: 64_000 };
/** Pages of 8 KiB that are in line when the index is behind: as many as writers that merge keep up with, and again as many. */
const PAGES_BEHIND = 2_000;

/**
 * What is written waits in a list (GIN's pending list,
 * https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE) until a writer who comes upon more than 4 MB of it merges
 * it into the search index; nobody else can meanwhile, and the others go on writing. Where they are faster than it, because
 * the index is large or because they are many, the list grows by hundreds of MB: a write takes as long as its time limit
 * is, and every search reads all of the list.
 *
 * So a process merges what there is now and then, and waits for whoever is at it. Those who are too fast end up waiting.
 * Only the index's owner may; for others, autovacuum has to do.
 */
const MERGE_PENDING = statement(`
  select gin_clean_pending_list(oid) as pages from pg_class
  where oid = to_regclass('employees_search') and pg_has_role(relowner, 'usage')`);

/** Keeps the search index up with the rows that this process writes. */
export class SearchIndexMaintenance {
  readonly #database: Database;
  #rows = 0;
  #rowsBetween = ROWS_BETWEEN.min;

  constructor(database: Database) {
    this.#database = database;
  }

  /** To be called after rows were written. @throws what the database throws; the rows are in their place all the same. */
  async wrote(rows: number): Promise<void> {
    this.#rows += rows;
    if (this.#rows < this.#rowsBetween) return;
    this.#rows = 0;
    const [merged] = await query<{ pages: number }>(this.#database, MERGE_PENDING);
    const isBehind = (merged?.pages ?? 0) > PAGES_BEHIND;
    this.#rowsBetween = isBehind ? ROWS_BETWEEN.min : Math.min(2 * this.#rowsBetween, ROWS_BETWEEN.max);
  }
}
