import { type Database, isDataError, type RejectedRow, sqlState, type ValidRow, writeRows } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { type RowsDelivery, type Sorted, sortRows } from './sort-rows.ts';

type Batch = { valid: readonly Sorted<ValidRow>[]; rejected: readonly Sorted<RejectedRow>[] };

/**
 * Writes the rows of a batch of messages.
 *
 * A value that Postgres refuses though the rules let it pass must not hold up its neighbours: the batch is halved
 * until that row stands alone, and it is rejected with Postgres's reason.
 *
 * @returns ids of the messages of which a row could not be written, and which must come again.
 */
export async function landRows(
  database: Database,
  logger: Logger,
  deliveries: readonly RowsDelivery[],
): Promise<Set<string>> {
  const batch = sortRows(deliveries);
  return batch.valid.length + batch.rejected.length === 0 ? new Set() : writeOrHalve(batch);

  async function writeOrHalve({ valid, rejected }: Batch): Promise<Set<string>> {
    try {
      await writeRows(database, valid, rejected);
      return new Set();
    } catch (error) {
      const [first, ...others] = valid;
      if (first === undefined || !isDataError(error)) {
        logger.warn(
          { rows: valid.length + rejected.length, sqlState: sqlState(error), err: error },
          'a batch was not written',
        );
        return new Set([...valid, ...rejected].map((row) => row.messageId));
      }
      if (others.length === 0) return writeOrHalve({ valid: [], rejected: [...rejected, refuse(first, error)] });
      const middle = Math.ceil(valid.length / 2);
      const failedInFirst = await writeOrHalve({ valid: valid.slice(0, middle), rejected });
      return failedInFirst.union(await writeOrHalve({ valid: valid.slice(middle), rejected: [] }));
    }
  }
}

/** Turns a row that Postgres refuses into a rejected one. */
function refuse({ employee, ...address }: Sorted<ValidRow>, error: unknown): Sorted<RejectedRow> {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `Postgres refuses the row: ${sqlState(error)} ${reason}`;
  return { ...address, raw: employee, errors: [{ code: 'database_refused', column: null, message }] };
}
