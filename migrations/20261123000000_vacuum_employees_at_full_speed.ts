import type { Knex } from 'knex';

/**
 * While autovacuum merges what waits for the search index, no writer can. At its own pace, which lets it pause most of the
 * time, that takes several seconds for each 4 MB, and the list of what waits grows meanwhile by ten times as much, which
 * every search has to read (docs/decisions/0011-search-index-maintenance.md).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table employees set (autovacuum_vacuum_cost_delay = 0)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table employees reset (autovacuum_vacuum_cost_delay)');
}
