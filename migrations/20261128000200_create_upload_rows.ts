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
      -- The values of a row that failed or is superseded.
      raw jsonb,
      errors jsonb,
      -- The name of the employee before the upload; null where the row did not change it.
      name_before text,
      recorded_at timestamptz not null default now(),
      primary key (upload_id, line)
    )`);
  await knex.raw(`
    create index upload_rows_failed on upload_rows (upload_id, line) where outcome in ('rejected', 'dead')`);
  await knex.raw(`
    create index upload_rows_superseded on upload_rows (upload_id, line) where outcome = 'superseded'`);
  await knex.raw(`
    create index upload_rows_renaming on upload_rows (upload_id, line) where name_before is not null`);
  await createAddressNames(knex);
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
      -- Rows that changed the name of an employee who was there before the upload.
      names_changed bigint not null default 0,
      -- E-mail addresses that stand beside several names.
      shared_addresses bigint not null default 0,
      updated_at timestamptz not null default now(),
      primary key (upload_id, shard)
    ) with (fillfactor = 50)`);
  // For the list of uploads that completed with errors.
  await knex.raw('create index upload_counts_failed on upload_counts (upload_id) where rejected > 0 or dead > 0');
}

/**
 * The names that stand beside one e-mail address in a file, where several of its rows have the address. The employee keeps
 * only one of them.
 */
async function createAddressNames(knex: Knex): Promise<void> {
  await knex.raw(`
    create table address_names (
      upload_id uuid not null,
      email text not null,
      -- Each name and the first line that has it, in order of line: the first ten.
      names text[] not null,
      lines integer[] not null,
      -- Whether it had several before it was last written: so that the writer sees when a second one comes.
      was_shared boolean not null default false,
      primary key (upload_id, email)
    )`);
  await knex.raw(`
    create index address_names_shared on address_names (upload_id, (lines[1])) where cardinality(names) > 1`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table upload_counts, address_names, upload_rows');
  await knex.raw('drop type row_outcome');
}
