import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table uploads (
      id uuid primary key,
      bucket text not null,
      object_key text not null,
      etag text,
      version_id text,
      file_name text not null,
      size_bytes bigint,
      sha256 text,
      segments integer,
      -- Rows and lines that the survey counted; null where the producer did not say.
      surveyed_rows bigint,
      last_line bigint,
      total_rows bigint,
      detected jsonb,
      -- The header cell that each column is read from.
      columns jsonb,
      ignored_columns text[],
      broken_records bigint,
      -- What was guessed of the file as a whole.
      warnings jsonb,
      failure jsonb,
      created_at timestamptz not null default now(),
      -- The whole file must have arrived by then; otherwise the upload fails.
      expires_at timestamptz not null default now() + interval '2 hours',
      -- S3's id of the multipart upload, where the client sends the parts itself.
      multipart_id text,
      -- Since when the file is known to be in S3 as a whole. It decides which of two files is newer, so it is set once and
      -- never changed (docs/decisions/0013-which-file-is-newer.md).
      received_at timestamptz,
      -- The latest earlier upload of the same bytes.
      duplicate_of uuid,
      started_at timestamptz,
      redriven_at timestamptz,
      -- When the last segment was read, so that the total is known; or when reading failed.
      read_at timestamptz,
      -- When an upload was seen to be complete; a redrive sets it to null. Its status never depends on it.
      marked_completed_at timestamptz
    )`);
  await knex.raw('create index uploads_sha256 on uploads (sha256, received_at, id)');
  // For lists of uploads of one status, without the sums of all uploads, of which nearly all are complete.
  await knex.raw('create index uploads_open on uploads (id) where marked_completed_at is null and failure is null');
  // Uploads whose file has not arrived yet: few, and looked for every minute.
  await knex.raw(
    'create index uploads_receiving on uploads (expires_at) where received_at is null and failure is null',
  );
  await knex.raw(`
    create table upload_segments (
      upload_id uuid not null,
      segment integer not null,
      rows bigint not null,
      -- Of the values in it.
      warnings jsonb,
      finished_at timestamptz not null default now(),
      primary key (upload_id, segment)
    )`);
  // Uploads whose messages are all in the queues: a worker that starts need not read their objects again. Not a column of
  // uploads, which may have no row yet for an object that another tool put into the bucket.
  await knex.raw(`
    create table enqueued_uploads (
      upload_id uuid primary key,
      enqueued_at timestamptz not null default now()
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table enqueued_uploads, upload_segments, uploads');
}
