const MIB = 1024 * 1024;
/** Up to this size of file a message is one row, so that a dead letter is one row. */
const ONE_ROW_UP_TO_BYTES = MIB;
/** About how many messages a larger file is cut into. */
const MESSAGES_PER_FILE = 10_000;
const MAX_ROWS = 100;

/** How many rows go into one message. A function of the file alone, so that a retry packs the same messages. */
export function rowsPerMessage(file: { bytes: number; records: number }): number {
  if (file.bytes <= ONE_ROW_UP_TO_BYTES) return 1;
  return Math.min(MAX_ROWS, Math.max(1, Math.ceil(file.records / MESSAGES_PER_FILE)));
}
