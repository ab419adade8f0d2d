import type { Knex } from 'knex';

/**
 * An upload that a backfill entered can have been received long before: it is `stalled` an hour after it was entered, and not
 * at once. Otherwise the view is as it was.
 */
export async function up(knex: Knex): Promise<void> {
  await replaceView(knex, 'u.created_at, u.received_at');
}

export async function down(knex: Knex): Promise<void> {
  await replaceView(knex, 'u.received_at');
}

/** @param received the columns that say when an upload came. */
async function replaceView(knex: Knex, received: string): Promise<void> {
  await knex.raw(`
    create or replace view upload_status as
    select
      u.*,
      -- Once all segments are read, their sum; until then what the survey counted.
      coalesce(u.total_rows, u.surveyed_rows) as total,
      -- At the pace since the start. Null where a redrive makes that no pace, or where nothing has moved for a minute.
      case
        when u.failure is null and u.redriven_at is null and c.counted_at > now() - interval '1 minute'
          and c.recorded > 0 and c.recorded < coalesce(u.total_rows, u.surveyed_rows)
        then ceil(
          extract(epoch from now() - u.started_at) * (coalesce(u.total_rows, u.surveyed_rows) - c.recorded) / c.recorded
        )::bigint
      end as estimated_seconds_left,
      c.inserted, c.updated, c.unchanged, c.superseded, c.rejected, c.dead, c.recorded,
      s.segment_warnings,
      c.names_changed, c.shared_addresses,
      case
        when u.failure is not null then 'failed'
        when u.total_rows <= c.recorded and c.rejected + c.dead > 0 then 'completed_with_errors'
        when u.total_rows <= c.recorded then 'completed'
        when u.received_at is null and u.started_at is null then
          case when u.expires_at < now() then 'failed' else 'receiving' end
        when greatest(${received}, u.started_at, u.read_at, u.redriven_at, c.counted_at, s.segment_finished_at)
          < now() - interval '1 hour' then 'stalled'
        when u.started_at is not null then 'processing'
        else 'received'
      end as status,
      case
        when u.failure is not null then coalesce(u.read_at, u.expires_at)
        when u.total_rows <= c.recorded then greatest(u.read_at, c.counted_at)
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
        coalesce(sum(names_changed), 0)::bigint as names_changed,
        coalesce(sum(shared_addresses), 0)::bigint as shared_addresses,
        max(updated_at) as counted_at
      from upload_counts
      where upload_id = u.id
    ) c
    cross join lateral (
      select
        max(finished_at) as segment_finished_at,
        jsonb_agg(warnings order by segment) filter (where warnings is not null) as segment_warnings
      from upload_segments
      where upload_id = u.id
    ) s`);
}
