import { EVENT_VERSION, type Event } from '@rowferry/messages';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** Events that are published together: as many as SNS takes in one request. */
const BATCH_EVENTS = 10;

/** Any number, the same in every process: it names the lock of who publishes. */
const RELAY_LOCK = 0x72656c61;

/** Publishes events. @returns the ids of those that were taken. */
export type PublishBatch = (events: readonly Event[]) => Promise<ReadonlySet<string>>;

type WaitingEvent = Omit<Event, 'version'> & { sequence: number; subject: string };

/**
 * Publishes the events that wait, oldest first, until none does. One process at a time: when another is at it, this returns
 * at once. An event is marked when it was taken, so one whose process dies in between is published again, with the same id.
 *
 * Two events of one subject never go in one batch: of a batch some may be taken and others not, and the later would then
 * overtake the earlier.
 *
 * @returns how many were published.
 * @throws what `publish` throws, or an Error when it did not take all; those that it took are marked.
 */
export async function publishEvents(database: Database, publish: PublishBatch): Promise<number> {
  let published = 0;
  for (;;) {
    const { taken, refused } = await database.transaction((transaction) => publishBatch(transaction, publish));
    published += taken;
    if (refused > 0) throw new Error(`${refused} of ${taken + refused} events were not taken`);
    if (taken === 0) return published;
  }
}

// Ends with the transaction, so that it works through a connection pooler, and is free when its holder dies.
const TAKE_LOCK = statement('select pg_try_advisory_xact_lock(?) as "isMine"');

const FIND_WAITING = statement(`
  select sequence, subject, id, type, severity, data,
    to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as time
  from events where published_at is null order by sequence limit ?`);

const MARK_PUBLISHED = statement('update events set published_at = now() where sequence = any(?::bigint[])');

async function publishBatch(transaction: Database, publish: PublishBatch): Promise<{ taken: number; refused: number }> {
  const [lock] = await query<{ isMine: boolean }>(transaction, TAKE_LOCK, [RELAY_LOCK]);
  if (lock?.isMine !== true) return { taken: 0, refused: 0 };
  const batch = firstOfSubjects(await query<WaitingEvent>(transaction, FIND_WAITING, [BATCH_EVENTS]));
  if (batch.length === 0) return { taken: 0, refused: 0 };
  const ids = await publish(
    batch.map(({ sequence: _, subject: __, ...event }) => ({ ...event, version: EVENT_VERSION })),
  );
  const taken = batch.filter(({ id }) => ids.has(id)).map(({ sequence }) => sequence);
  await query(transaction, MARK_PUBLISHED, [taken]);
  return { taken: taken.length, refused: batch.length - taken.length };
}

function firstOfSubjects(events: readonly WaitingEvent[]): WaitingEvent[] {
  const subjects = new Set<string>();
  return events.filter(({ subject }) => {
    if (subjects.has(subject)) return false;
    subjects.add(subject);
    return true;
  });
}

const MEASURE_OUTBOX = statement(`
  select count(*) as waiting, coalesce(extract(epoch from now() - min(occurred_at)), 0)::float8 as "oldestSeconds"
  from events where published_at is null`);

/** How many events wait to be published, and for how many seconds the oldest has. */
export async function measureOutbox(database: Database): Promise<{ waiting: number; oldestSeconds: number }> {
  const [outbox] = await query<{ waiting: number; oldestSeconds: number }>(database, MEASURE_OUTBOX);
  return outbox ?? { waiting: 0, oldestSeconds: 0 };
}

/** Days for which an event is kept after it was published. */
const KEPT_DAYS = 30;

// The end of an upload stays as long as the upload does: it is what a second end is refused by.
const DELETE_EXPIRED_EVENTS = statement(`
  with expired as (
    delete from events
    where published_at < now() - make_interval(days => ?) and occurrence is distinct from 'end'
    returning 1
  )
  select count(*) as count from expired`);

/** Deletes events that were published long ago. @returns how many. */
export async function deleteExpiredEvents(database: Database): Promise<number> {
  const [expired] = await query<{ count: number }>(database, DELETE_EXPIRED_EVENTS, [KEPT_DAYS]);
  return expired?.count ?? 0;
}
