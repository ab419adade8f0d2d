import {
  type Database,
  isDataError,
  isRefusal,
  type RejectedRow,
  reasonOf,
  type ValidRow,
  writeRows,
} from '@rowferry/database';
import type { RowsDelivery } from './delivery.ts';
import type { Failures } from './failures.ts';
import { type Sorted, sortRows } from './sort-rows.ts';

type Batch = { valid: readonly Sorted<ValidRow>[]; rejected: readonly Sorted<RejectedRow>[] };

/**
 * Writes the rows of a batch of messages.
 *
 * A row that Postgres refuses though the rules let it pass must not hold up its neighbours: the batch is halved until
 * that row stands alone. When it is for a value, the row is rejected with Postgres's reason. When it is for anything
 * else, such as a missing right, its message fails: that can be mended, and then the row lands.
 *
 * @returns the messages of which a row could not be written, and which must come again.
 */
export async function landRows(database: Database, deliveries: readonly RowsDelivery[]): Promise<Failures> {
  const batch = sortRows(deliveries);
  return batch.valid.length + batch.rejected.length === 0 ? new Map() : writeOrHalve(database, batch);
}

async function writeOrHalve(database: Database, { valid, rejected }: Batch): Promise<Failures> {
  try {
    await writeRows(database, valid, rejected);
    return new Map();
  } catch (error) {
    const [first, ...others] = valid;
    if (first === undefined || !isRefusal(error)) return failAll([...valid, ...rejected], error);
    if (others.length === 0) return settleAlone(database, first, rejected, error);
    const middle = Math.ceil(valid.length / 2);
    const failedInFirst = await writeOrHalve(database, { valid: valid.slice(0, middle), rejected });
    const failedInSecond = await writeOrHalve(database, { valid: valid.slice(middle), rejected: [] });
    return new Map([...failedInFirst, ...failedInSecond]);
  }
}

async function settleAlone(
  database: Database,
  row: Sorted<ValidRow>,
  rejected: readonly Sorted<RejectedRow>[],
  error: unknown,
): Promise<Failures> {
  if (isDataError(error)) return writeOrHalve(database, { valid: [], rejected: [...rejected, refuse(row, error)] });
  const failed = rejected.length === 0 ? new Map() : await writeOrHalve(database, { valid: [], rejected });
  return new Map([...failed, ...failAll([row], error)]);
}

function failAll(rows: readonly Sorted<unknown>[], error: unknown): Failures {
  return new Map(rows.map(({ messageId }) => [messageId, error]));
}

/** Turns a row that Postgres refuses into a rejected one. */
function refuse({ employee, ...address }: Sorted<ValidRow>, error: unknown): Sorted<RejectedRow> {
  const message = `Postgres refuses the row: ${reasonOf(error)}`;
  return { ...address, raw: employee, errors: [{ code: 'database_refused', column: null, message }] };
}
