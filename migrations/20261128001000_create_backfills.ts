import type { Knex } from 'knex';

/** Backfills: objects below a prefix of the bucket, each loaded as an upload (docs/decisions/0023-backfill.md). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table backfills (
      id uuid primary key,
      bucket text not null,
      prefix text not null,
      -- The profile that was named, and what it said then: the id of the import settings of all files.
      profile text,
      settings_id text,
      concurrency integer not null,
      -- The last key that was listed; null before the first page.
      listed_after text,
      listed_at timestamptz,
      -- Objects that an earlier backfill has loaded. They have no row of their own, and there may be a million.
      unchanged bigint not null default 0,
      -- Why it was given up.
      failure jsonb,
      -- Files and rows when it ended.
      summary jsonb,
      created_at timestamptz not null default now(),
      -- When a task of it last ran: one whose tasks run no more is started again.
      touched_at timestamptz not null default now(),
      finished_at timestamptz
    )`);
  await knex.raw('create unique index backfills_open on backfills (bucket, prefix) where finished_at is null');
  await knex.raw(`
    create table backfill_files (
      id bigint generated always as identity primary key,
      backfill_id uuid not null references backfills,
      bucket text not null,
      object_key text not null,
      etag text not null,
      size_bytes bigint not null,
      last_modified timestamptz not null,
      state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'skipped')),
      -- Why it failed or was skipped: code and detail.
      reason jsonb,
      -- The upload that it is, from when it was started.
      upload_id uuid
    )`);
  await knex.raw('create index backfill_files_state on backfill_files (backfill_id, state, last_modified, id)');
  // What became of an object the last time.
  await knex.raw('create index backfill_files_key on backfill_files (bucket, object_key, id desc)');
  // Of two backfills whose prefixes overlap one loads the object.
  await knex.raw(`
    create unique index backfill_files_open on backfill_files (bucket, object_key, etag)
    where state in ('waiting', 'running')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table backfill_files, backfills');
}
