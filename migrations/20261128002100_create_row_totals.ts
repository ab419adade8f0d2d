import type { Knex } from 'knex';

/** The rows of all uploads by outcome, once a minute, for the last two hours: what came in between is the difference. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table row_totals (
      minute timestamptz primary key,
      taken_at timestamptz not null default now(),
      -- Outcome → rows.
      rows jsonb not null
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table row_totals');
}
