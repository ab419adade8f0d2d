import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('create extension if not exists pg_trgm');
  await createEmployees(knex);
  await createUploads(knex);
  await createLedger(knex);
  await createDeliveryTables(knex);
  await createUploadStatus(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view upload_status');
  await knex.raw(
    'drop table unreadable_messages, delivery_failures, upload_counts, upload_rows, upload_segments, uploads, employees, employee_counts',
  );
  await knex.raw('drop type row_outcome');
  await knex.raw('drop function search_key, count_employees, forget_employee_counts');
}

async function createEmployees(knex: Knex): Promise<void> {
  // What is searched: in lower case, and nothing but ASCII letters and digits, so that it is one word for pg_trgm, which
  // has no trigrams across the ends of words, and in a database whose LC_CTYPE is C (also under the built-in C.UTF-8) none
  // with letters beyond ASCII. A capital stands for each other character of ASCII, J for several of them; R or S and two
  // octal digits for each byte of what is beyond. What may mean something else must be compared as it is
  // (packages/database/src/employees/employee-search.ts).
  await knex.raw(String.raw`
    create function search_key(value text) returns text language sql immutable strict parallel safe
    return replace(replace(
      encode(
        cast(
          regexp_replace(
            replace(replace(replace(replace(replace(lower(value), ' ', 'Q'), '.', 'X'), '@', 'Z'), '-', 'V'), chr(31), 'Y'),
            '[\x01-/:-@\[-\x60{-\x7f]', 'J', 'g') as bytea),
        'escape'),
      chr(92) || '3', 'R'), chr(92) || '2', 'S')`);
  // What has a fixed width and what is searched come first: a scan for a term of one or two characters, which no trigram
  // index helps, takes a fifth less time so (docs/decisions/0007-employee-list.md).
  await knex.raw(`
    create table employees (
      id bigint generated always as identity primary key,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      -- The version that wrote this employee: a write lands only over a smaller one.
      upload_id uuid not null,
      line integer not null,
      search_key text not null generated always as (search_key(employee_name || chr(31) || email)) stored,
      employee_name text not null,
      company_name text not null,
      mobile_no text not null,
      email text not null,
      -- Hash of the other three values before that upload; 0 or null: there was no such employee.
      content_before bigint,
      -- With the id, a far page of a list in this order is found in the index alone.
      constraint employees_email_key unique (email) include (id)
    )`);
  await knex.raw('create index employees_search on employees using gin (search_key gin_trgm_ops)');
  // For lists in these orders; the second also for the employees of one company.
  await knex.raw('create index employees_by_name on employees (employee_name, id)');
  await knex.raw('create index employees_by_company on employees (company_name, id)');
  await knex.raw('create index employees_by_creation on employees (created_at, id)');
  await countEmployees(knex);
}

/**
 * How many employees there are in each block of 65,536 ids, kept in the transaction that adds or removes them, whoever
 * does: for exact totals and far pages without a walk over the table. Shards as in upload_counts.
 */
async function countEmployees(knex: Knex): Promise<void> {
  await knex.raw(`
    create table employee_counts (
      id_block bigint not null,
      shard smallint not null,
      employees bigint not null,
      primary key (id_block, shard)
    ) with (fillfactor = 50)`);
  await knex.raw(`
    create function count_employees() returns trigger language plpgsql set search_path from current as $$
    begin
      insert into employee_counts as c (id_block, shard, employees)
      select id / 65536, pg_backend_pid() % 8, case tg_op when 'INSERT' then count(*) else -count(*) end
      from changed group by 1 order by 1
      on conflict (id_block, shard) do update set employees = c.employees + excluded.employees;
      return null;
    end $$`);
  await knex.raw(`
    create function forget_employee_counts() returns trigger language plpgsql set search_path from current as $$
    begin
      truncate employee_counts;
      return null;
    end $$`);
  await knex.raw(`
    create trigger employees_added after insert on employees
      referencing new table as changed for each statement execute function count_employees()`);
  await knex.raw(`
    create trigger employees_removed after delete on employees
      referencing old table as changed for each statement execute function count_employees()`);
  await knex.raw(`
    create trigger employees_truncated after truncate on employees
      for each statement execute function forget_employee_counts()`);
}

async function createUploads(knex: Knex): Promise<void> {
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
      total_rows bigint,
      detected jsonb,
      -- The header cell that each column is read from.
      columns jsonb,
      ignored_columns text[],
      broken_records bigint,
      failure jsonb,
      created_at timestamptz not null default now(),
      -- When the file must have come as a whole; after that it never will.
      expires_at timestamptz not null default now() + interval '2 hours',
      -- S3's id of the multipart upload, where the client sends the parts itself.
      multipart_id text,
      received_at timestamptz,
      -- The latest earlier upload of the same bytes.
      duplicate_of uuid,
      started_at timestamptz,
      redriven_at timestamptz,
      -- When the last segment was read, so that the total is known; or when reading failed.
      read_at timestamptz
    )`);
  await knex.raw('create index uploads_sha256 on uploads (sha256, id)');
  // Uploads whose file has not come yet: few, and looked for every minute.
  await knex.raw(
    'create index uploads_receiving on uploads (expires_at) where received_at is null and failure is null',
  );
  await knex.raw(`
    create table upload_segments (
      upload_id uuid not null,
      segment integer not null,
      rows bigint not null,
      finished_at timestamptz not null default now(),
      primary key (upload_id, segment)
    )`);
}

async function createLedger(knex: Knex): Promise<void> {
  await knex.raw(`
    create type row_outcome as enum ('inserted', 'updated', 'unchanged', 'superseded', 'rejected', 'dead')`);
  // No foreign key to uploads: messages come in any order, and rows may come before their upload is known here.
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
}

async function createDeliveryTables(knex: Knex): Promise<void> {
  // Why a message failed the last time, for the row that says so if it dies.
  await knex.raw(`
    create table delivery_failures (
      message_id text primary key,
      reason text not null,
      failed_at timestamptz not null default now()
    )`);
  // Messages in the dead-letter queues that are not ours or of another version, for an operator to read.
  await knex.raw(`
    create table unreadable_messages (
      message_id text primary key,
      queue text not null,
      body text not null,
      reason text not null,
      received_at timestamptz not null default now()
    )`);
}

/**
 * Status is derived, never stored: one view says it, to the API and to people in psql alike.
 *
 * `stalled`: something is missing and nothing has moved for an hour, four times the longest wait between two tries of
 * a message. `receiving` for longer than a request may take: the client or the API went away.
 */
async function createUploadStatus(knex: Knex): Promise<void> {
  await knex.raw(`
    create view upload_status as
    select
      u.*,
      c.inserted, c.updated, c.unchanged, c.superseded, c.rejected, c.dead, c.recorded,
      case
        when u.failure is not null then 'failed'
        when u.total_rows = c.recorded and c.rejected + c.dead > 0 then 'completed_with_errors'
        when u.total_rows = c.recorded then 'completed'
        when u.received_at is null and u.started_at is null then
          case when u.expires_at < now() then 'failed' else 'receiving' end
        when greatest(u.received_at, u.started_at, u.read_at, u.redriven_at, c.counted_at, s.segment_finished_at)
          < now() - interval '1 hour' then 'stalled'
        when u.started_at is not null then 'processing'
        else 'received'
      end as status,
      case
        when u.failure is not null then coalesce(u.read_at, u.expires_at)
        when u.total_rows = c.recorded then greatest(u.read_at, c.counted_at)
      end as finished_at
    from uploads u
    cross join lateral (
      select
        coalesce(sum(inserted), 0)::bigint as inserted,
        coalesce(sum(updated), 0)::bigint as updated,
        coalesce(sum(unchanged), 0)::bigint as unchanged,
        coalesce(sum(superseded), 0)::bigint as superseded,
        coalesce(sum(rejected), 0)::bigint as rejected,
        coalesce(sum(dead), 0)::bigint as dead,
        coalesce(sum(inserted + updated + unchanged + superseded + rejected + dead), 0)::bigint as recorded,
        max(updated_at) as counted_at
      from upload_counts
      where upload_id = u.id
    ) c
    cross join lateral (
      select max(finished_at) as segment_finished_at from upload_segments where upload_id = u.id
    ) s`);
}
