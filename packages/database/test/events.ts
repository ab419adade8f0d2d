import type { EventType } from '@rowferry/messages';
import type { Database } from '../src/connection/connect.ts';

export type StoredEvent = { subject: string; type: EventType; severity: string; data: Record<string, unknown> };

/** All events, in the order in which they are published. */
export async function eventsOf(database: Database): Promise<StoredEvent[]> {
  const { rows } = await database.raw<{ rows: StoredEvent[] }>(
    'select subject, type, severity, data from events order by sequence',
  );
  return rows;
}
