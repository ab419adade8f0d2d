import type { Knex } from 'knex';

/**
 * Events wait here until the relay has published them. Those of an upload are written by triggers, in the transaction that
 * makes them true, whichever statement that is (docs/decisions/0021-events.md).
 */
export async function up(knex: Knex): Promise<void> {
  await createEvents(knex);
  await createRecordEvent(knex);
  await createEndOfUpload(knex);
  await createTriggers(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop trigger events_of_upload_counts on upload_counts');
  await knex.raw('drop trigger events_of_uploads on uploads');
  await knex.raw('drop function record_events_of_counts, record_events_of_upload, record_end_of_upload, record_event');
  await knex.raw('drop table events');
  await knex.raw('drop function new_event_id');
}

async function createEvents(knex: Knex): Promise<void> {
  // A UUIDv7 (RFC 9562): the first 48 bits are the time in milliseconds. Postgres has a function for it since 18.
  await knex.raw(`
    create function new_event_id() returns uuid language sql volatile as $$
      select encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid())
        placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
        from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
    $$`);
  await knex.raw(`
    create table events (
      -- The order of publication. Holds within a subject: who records an event has its subject to itself until the commit.
      sequence bigint generated always as identity primary key,
      id uuid not null unique default new_event_id(),
      -- What it is about: the id of an upload, of a webhook, of a backfill.
      subject text not null,
      type text not null,
      severity text not null check (severity in ('info', 'warning', 'alert')),
      data jsonb not null,
      -- Which of the things that happen only once to a subject: its end, its stall since a moment. Null: any number.
      occurrence text,
      occurred_at timestamptz not null default clock_timestamp(),
      published_at timestamptz,
      unique (subject, occurrence)
    )`);
  await knex.raw('create index events_unpublished on events (sequence) where published_at is null');
}

/** Records an event, unless the same occurrence is recorded already. */
async function createRecordEvent(knex: Knex): Promise<void> {
  await knex.raw(`
    create function record_event(subject text, type text, severity text, data jsonb, occurrence text default null)
    returns void language plpgsql set search_path from current as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended(subject, 1));
      insert into events (subject, type, severity, data, occurrence)
      values (subject, type, severity, data, occurrence)
      on conflict do nothing;
    end $$`);
}

/** Records the end of an upload whose rows all have their outcome. Who calls it has the lock of the upload's events. */
async function createEndOfUpload(knex: Knex): Promise<void> {
  await knex.raw(`
    create function record_end_of_upload(ended uuid, total bigint)
    returns void language plpgsql set search_path from current as $$
    begin
      if total > (
        select coalesce(sum(inserted + updated + unchanged + superseded + rejected + dead), 0)
        from upload_counts where upload_id = ended
      ) then
        return;
      end if;
      perform record_event(
        ended::text,
        'upload.' || s.status,
        case s.status when 'completed' then 'info' else 'warning' end,
        jsonb_build_object(
          'uploadId', s.id,
          'total', s.total_rows,
          'counts', jsonb_build_object(
            'inserted', s.inserted, 'updated', s.updated, 'unchanged', s.unchanged,
            'superseded', s.superseded, 'rejected', s.rejected, 'dead', s.dead),
          'link', '/v1/uploads/' || s.id),
        'end')
      from upload_status s
      where s.id = ended and s.status in ('completed', 'completed_with_errors');
    end $$`);
}

/**
 * An upload is complete when its total is known and its counts add up to it. The counts are in several rows, so that batches
 * do not wait for each other; no transaction sees those of another that has not committed. Two locks see to it that one
 * transaction sees all, each held until its commit:
 *
 * - 0, of the total: who counts has it shared, who records the total has it alone (packages/database, lockTotal). So either
 *   who counts knows the total, or who records the total sees the counts.
 * - 1, of the upload's events: who counts when the total is known takes it, and sees what all before have counted.
 *
 * A batch takes them in order of upload, and for one upload in this order, as everybody does: so nobody waits in a circle.
 */
async function createTriggers(knex: Knex): Promise<void> {
  await knex.raw(`
    create function record_events_of_counts() returns trigger language plpgsql set search_path from current as $$
    declare
      total bigint;
    begin
      -- A redrive takes away from a count.
      if new.shard < 0 then
        return null;
      end if;
      perform pg_advisory_xact_lock_shared(hashtextextended(new.upload_id::text, 0));
      select total_rows into total from uploads where id = new.upload_id;
      if new.dead > coalesce(old.dead, 0) then
        -- At most one a minute: a file whose rows all die would be thousands.
        perform record_event(
          new.upload_id::text,
          'rows.dead',
          'alert',
          jsonb_build_object(
            'uploadId', new.upload_id,
            'dead', (select sum(dead)::bigint from upload_counts where upload_id = new.upload_id),
            'link', '/v1/uploads/' || new.upload_id || '/failed-rows?outcome=dead'),
          'dead ' || to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'));
      end if;
      if total is not null then
        perform pg_advisory_xact_lock(hashtextextended(new.upload_id::text, 1));
        perform record_end_of_upload(new.upload_id, total);
      end if;
      return null;
    end $$`);
  await knex.raw(`
    create trigger events_of_upload_counts after insert or update on upload_counts
      for each row execute function record_events_of_counts()`);
  await knex.raw(`
    create function record_events_of_upload() returns trigger language plpgsql set search_path from current as $$
    begin
      if new.failure is not null then
        perform record_event(
          new.id::text,
          'upload.failed',
          'alert',
          jsonb_build_object(
            'uploadId', new.id, 'code', new.failure ->> 'code', 'link', '/v1/uploads/' || new.id),
          'end');
      else
        perform pg_advisory_xact_lock(hashtextextended(new.id::text, 1));
        perform record_end_of_upload(new.id, new.total_rows);
      end if;
      return null;
    end $$`);
  await knex.raw(`
    create trigger events_of_uploads after update on uploads
      for each row when (
        new.failure is not null and old.failure is null
        or new.failure is null and new.total_rows is not null and old.total_rows is null
      ) execute function record_events_of_upload()`);
}
