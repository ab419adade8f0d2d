import type { Database } from '@rowferry/database';
import { TERMINAL_EVENT_TYPES } from '@rowferry/messages';

export type EventFacts = {
  /** Ends of uploads, as they came out of the queue of notifications. */
  ends: number;
  findings: string[];
};

/**
 * Holds what came out of the queue of notifications against the uploads: each upload that has ended has exactly one end, every
 * event was stored, and none that was not recorded.
 */
export async function examineEvents(database: Database): Promise<EventFacts> {
  const types = [...TERMINAL_EVENT_TYPES];
  const { rows: wrong } = await database.raw<{ rows: { id: string; status: string; ends: number }[] }>(
    `select u.id, u.status, count(n.id) as ends
     from upload_status u
     left join notifications n on n.data ->> 'uploadId' = u.id::text and n.type = any (?::text[])
     group by u.id, u.status
     having count(n.id) <> case when u.status like 'completed%' or u.status = 'failed' then 1 else 0 end`,
    [types],
  );
  const { rows: lost } = await database.raw<{ rows: { id: string; type: string }[] }>(
    `select coalesce(e.id, n.id) as id, coalesce(e.type, n.type) as type
     from events e full join notifications n on n.id = e.id
     where e.id is null or n.id is null or e.published_at is null`,
  );
  const { rows: counted } = await database.raw<{ rows: { n: number }[] }>(
    'select count(*) as n from notifications where type = any (?::text[])',
    [types],
  );
  return {
    ends: counted[0]?.n ?? 0,
    findings: [
      ...wrong.map(({ id, status, ends }) => `upload ${id} is ${status} and has ${ends} ends among the notifications`),
      ...lost.map(({ id, type }) => `event ${id} (${type}) is not both recorded and stored`),
    ],
  };
}
