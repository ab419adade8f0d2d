/** A file with fewer rows has one row a message; of a larger one, up to a hundred times as large, this is about how many. */
const MESSAGES_PER_FILE = 1000;
/** At about 150 bytes a row, a message of 15 KiB: ten of them are one request, and one write. */
const MAX_ROWS = 100;

/**
 * How many rows go into one message: one of up to 1,000 rows, so that each can fail, die and be sent again alone; more in
 * larger ones, where a message's own cost (some 0.7 ms of CPU, of all that handles it) would count (docs/performance.md). A
 * function of the file alone, so that a retry packs the same messages.
 */
export function rowsPerMessage(file: { records: number }): number {
  return Math.min(MAX_ROWS, Math.max(1, Math.ceil(file.records / MESSAGES_PER_FILE)));
}
