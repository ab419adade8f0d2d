import type { Knex } from 'knex';

/** For lists of uploads of one status that do not sum up the rows of all uploads, of which nearly all are complete. */
export async function up(knex: Knex): Promise<void> {
  // When an upload was seen to be complete; a redrive takes it back. Its status never depends on it.
  await knex.raw('alter table uploads add column settled_at timestamptz');
  await knex.raw('create index uploads_open on uploads (id) where settled_at is null and failure is null');
  await knex.raw('create index upload_counts_failed on upload_counts (upload_id) where rejected > 0 or dead > 0');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index upload_counts_failed');
  await knex.raw('drop index uploads_open');
  await knex.raw('alter table uploads drop column settled_at');
}
