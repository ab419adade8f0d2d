/** Up to here each row has a message of its own, so that it can fail, die and be sent again alone. */
const ROWS_ALONE = 1000;
/** About how many messages a larger file has. */
const MESSAGES_PER_FILE = 100;
/** At about 110 bytes a row, a message of 22 KB: ten of them fit into one request, and are one write. */
const ROWS_MAX = 200;

/**
 * How many rows go into one message: a message costs some 0.7 ms of CPU, of all that handles it, whatever is in it
 * (docs/decisions/0009-rows-a-message.md). A function of the file alone, so that a retry packs the same messages.
 */
export function rowsPerMessage(rows: number): number {
  if (rows <= ROWS_ALONE) return 1;
  return Math.min(ROWS_MAX, Math.ceil(rows / MESSAGES_PER_FILE));
}
