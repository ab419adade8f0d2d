import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create type row_outcome as enum ('inserted', 'updated', 'unchanged', 'superseded', 'rejected', 'dead')`);
  // No foreign key to uploads: each row would lock its upload's row. Only rows of uploads that were started are written.
  await knex.raw(`
    create table upload_rows (
      upload_id uuid not null,
      line integer not null,
      outcome row_outcome not null,
      attempts smallint not null,
      raw jsonb,
      errors jsonb,
      recorded_at timestamptz not null default now(),
      primary key (upload_id, line)
    )`);
  await knex.raw(`
    create index upload_rows_failed on upload_rows (upload_id, line) where outcome in ('rejected', 'dead')`);
  // Sums of the ledger, in a few shards so that concurrent batches of one upload do not queue for one row. The
  // fillfactor leaves room for updates in place.
  await knex.raw(`
    create table upload_counts (
      upload_id uuid not null,
      shard smallint not null,
      inserted bigint not null default 0,
      updated bigint not null default 0,
      unchanged bigint not null default 0,
      superseded bigint not null default 0,
      rejected bigint not null default 0,
      dead bigint not null default 0,
      updated_at timestamptz not null default now(),
      primary key (upload_id, shard)
    ) with (fillfactor = 50)`);
  // For the list of uploads that completed with errors.
  await knex.raw('create index upload_counts_failed on upload_counts (upload_id) where rejected > 0 or dead > 0');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table upload_counts, upload_rows');
  await knex.raw('drop type row_outcome');
}
