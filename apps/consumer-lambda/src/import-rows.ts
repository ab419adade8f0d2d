import { type Failures, isLastAttempt } from '@rowferry/aws';
import {
  type Database,
  isDataError,
  isRefusal,
  type RejectedRow,
  reasonOf,
  sqlState,
  type ValidRow,
  writeRows,
} from '@rowferry/database';
import type { Admitted } from './admit-messages.ts';
import type { RowsDelivery } from './delivery.ts';
import { type Delivered, partitionRows } from './partition-rows.ts';

type Batch = { valid: readonly Delivered<ValidRow>[]; rejected: readonly Delivered<RejectedRow>[] };

/** Rows, spread over the batch, that are written alone to find out whether a refusal concerns some rows or all. */
const PROBES = 8;

/**
 * Writes the rows of a batch of messages.
 *
 * A row that Postgres refuses though the rules let it pass must not hold up its neighbours: the batch is halved until
 * that row stands alone. When it is for a value, the row is rejected with Postgres's reason. When it is for anything
 * else, such as a trigger that raises, its message fails: once that is fixed, the row is written.
 *
 * What is not about values can concern every row, as a missing right or column does, and halving would find that out with
 * two statements a row. So a few rows are written alone first; when none of them can be, all fail without an attempt of
 * their own, but for those that would be dead: no row dies without an attempt alone.
 *
 * @returns the messages of which a row could not be written.
 */
export async function importRows(database: Database, deliveries: readonly Admitted<RowsDelivery>[]): Promise<Failures> {
  const batch = await partitionRows(deliveries);
  if (isEmpty(batch)) return new Map();
  try {
    await writeRows(database, batch.valid, batch.rejected);
    return new Map();
  } catch (error) {
    if (!(await concernsEveryRow(database, batch.valid, error))) return halve(database, batch, error);
    const { last = [], early = [] } = Object.groupBy(batch.valid, (row) => (isLastAttempt(row) ? 'last' : 'early'));
    return new Map([...failAll(early, error), ...(await writeOrHalve(database, { ...batch, valid: last }))]);
  }
}

function isEmpty({ valid, rejected }: Batch): boolean {
  return valid.length + rejected.length === 0;
}

/** Whether rows from all over the batch are, each alone, refused for the same reason, which is not their values. */
async function concernsEveryRow(
  database: Database,
  rows: readonly Delivered<ValidRow>[],
  error: unknown,
): Promise<boolean> {
  if (rows.length < 2 || !isRefusal(error) || isDataError(error)) return false;
  const probes = Math.min(PROBES, rows.length);
  for (let probe = 0; probe < probes; probe++) {
    const at = Math.floor(((probe + 0.5) * rows.length) / probes);
    const other = await writeRows(database, rows.slice(at, at + 1), []).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    if (sqlState(other) !== sqlState(error)) return false;
  }
  return true;
}

async function writeOrHalve(database: Database, batch: Batch): Promise<Failures> {
  if (isEmpty(batch)) return new Map();
  try {
    await writeRows(database, batch.valid, batch.rejected);
    return new Map();
  } catch (error) {
    return halve(database, batch, error);
  }
}

/** Goes on after a batch was not written: with its halves, where a row of it can be why. */
async function halve(database: Database, { valid, rejected }: Batch, error: unknown): Promise<Failures> {
  const [first, ...others] = valid;
  if (first === undefined || !isRefusal(error)) return failAll([...valid, ...rejected], error);
  if (others.length === 0) return resolveSingleRow(database, first, rejected, error);
  const middle = Math.ceil(valid.length / 2);
  const failedInFirst = await writeOrHalve(database, { valid: valid.slice(0, middle), rejected });
  const failedInSecond = await writeOrHalve(database, { valid: valid.slice(middle), rejected: [] });
  return new Map([...failedInFirst, ...failedInSecond]);
}

async function resolveSingleRow(
  database: Database,
  row: Delivered<ValidRow>,
  rejected: readonly Delivered<RejectedRow>[],
  error: unknown,
): Promise<Failures> {
  if (isDataError(error)) return writeOrHalve(database, { valid: [], rejected: [...rejected, refuse(row, error)] });
  return new Map([...(await writeOrHalve(database, { valid: [], rejected })), ...failAll([row], error)]);
}

function failAll(rows: readonly Delivered<unknown>[], error: unknown): Failures {
  return new Map(rows.map(({ messageId }) => [messageId, error]));
}

/** Turns a row that Postgres refuses into a rejected one. */
function refuse(
  { employee, receivedAtMicros: _, ...address }: Delivered<ValidRow>,
  error: unknown,
): Delivered<RejectedRow> {
  const message = `Postgres refuses the row: ${reasonOf(error)}`;
  return { ...address, raw: employee, errors: [{ code: 'database_refused', column: null, message }] };
}
