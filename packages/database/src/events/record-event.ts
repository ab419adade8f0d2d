import { EVENT_TYPES, type EventData, type EventType } from '@rowferry/messages';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb } from '../connection/sql-values.ts';

export type NewEvent<T extends EventType = EventType> = {
  type: T;
  /** What it is about: the id of an upload, of a webhook, of a backfill. Order holds within a subject. */
  subject: string;
  data: EventData<T>;
  /** Names what happens only once to the subject: of several events with the same, the first counts. */
  occurrence?: string;
};

const RECORD_EVENT = statement('select record_event(:subject, :type, :severity, :data::jsonb, :occurrence)');

/**
 * Records an event in the transaction that makes it true; it is published after the commit. Until then, other transactions
 * that record an event of the same subject wait: so record it last.
 *
 * Those of uploads are recorded by triggers (migrations/20261128000800_create_events.ts), not by this.
 */
export async function recordEvent<T extends EventType>(
  transaction: Database,
  { type, subject, data, occurrence }: NewEvent<T>,
): Promise<void> {
  const { severity } = EVENT_TYPES[type];
  await query(transaction, RECORD_EVENT, {
    subject,
    type,
    severity,
    data: toJsonb(data),
    occurrence: occurrence ?? null,
  });
}
