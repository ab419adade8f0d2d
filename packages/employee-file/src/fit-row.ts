import { COLUMNS, checkRow, type Raw, type Row, rowOf, type ShapedRow, valuesOf } from '@rowferry/roster';

/** Characters of a value that the rules could still let pass, with room to spare: the longest allowed is 254. */
const PLAUSIBLE_LENGTH = 1024;
/**
 * Characters kept of a row that cannot land. At six bytes a character (as JSON escapes) 48 KiB: any row fits into one
 * message, whatever its record held.
 */
const RAW_BUDGET = 8 * 1024;

/**
 * Makes sure that a row fits into a message. One with a value far too long is checked here and travels as rejected,
 * with the beginning of its values.
 */
export function fitRow(row: Row): Row {
  if ('errors' in row) return { ...row, raw: shorten(row.raw) };
  if (COLUMNS.every((column) => row[column].length <= PLAUSIBLE_LENGTH)) return row;
  return rejectLong(row);
}

function rejectLong(row: ShapedRow): Row {
  const values = valuesOf(row);
  const check = checkRow(values);
  // Spaces around a value count for nothing: without them it may be short enough after all.
  if (check.ok) return rowOf(row.line, (column) => check.employee[column] ?? '');
  return { line: row.line, raw: shorten(values), errors: check.errors };
}

function shorten(raw: Raw): Raw {
  let budget = RAW_BUDGET;
  const take = (text: string) => {
    const taken = text.length <= budget ? text : `${text.slice(0, Math.max(0, budget - 1))}…`;
    budget = Math.max(0, budget - taken.length);
    return taken;
  };
  if (typeof raw === 'string') return take(raw);
  if (Array.isArray(raw)) {
    const kept: string[] = [];
    for (const field of raw) {
      if (budget === 0 || kept.length === RAW_FIELDS) break;
      kept.push(take(field));
    }
    return kept;
  }
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, value === null ? null : take(value)]));
}

/** Fields kept of a row with far too many. */
const RAW_FIELDS = 256;
