import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** What must be known of an upload before its rows can be written. It changes only when the file is read again. */
export type StartedUpload = {
  id: string;
  /** `received_at` in microseconds since 1970. */
  receivedAtMicros: number;
  /** Null while the file is read again. */
  segments: number | null;
  /** What the survey counted; null where the producer did not say. */
  surveyedRows: number | null;
  lastLine: number | null;
};

// Only uploads that were surveyed at some time: without a survey, no producer has sent a row.
const FIND_STARTED_UPLOADS = statement(`
  select id, (extract(epoch from received_at) * 1000000)::bigint as "receivedAtMicros",
    segments, surveyed_rows as "surveyedRows", last_line as "lastLine"
  from uploads
  where id = any(?::uuid[]) and received_at is not null and (segments is not null or last_line is not null)`);

/** The uploads with these ids of which an `upload.started` was recorded. */
export async function findStartedUploads(database: Database, ids: readonly string[]): Promise<StartedUpload[]> {
  return query<StartedUpload>(database, FIND_STARTED_UPLOADS, [[...ids]]);
}
