/** A range of the search index, or the employees after the last range. */
export type IndexedRange = {
  lastId: number;
  employees: number;
  /** Employees who have changed since it was built. */
  changes: number;
  /** False: of the employees after the last range. */
  isIndexed: boolean;
};

/** Fewer employees than these are searched one by one in a millisecond or two. */
const REST_MIN = 4_096;
/** The smallest range that stays as it is when others come after it. */
const RANGE_MIN = 65_536;
/** So many ranges of one size become one. */
const FAN_IN = 8;
/** Larger ranges stay as they are: four million employees and more. */
const SIZE_MAX = 2;
const CHANGES_MIN = 1_024;
/** The share of a range that has changed when it is built anew. */
const CHANGED_SHARE = 1 / 8;

/**
 * What of the search index to build next, while there is time: from after one id to another. Undefined: it is as it should
 * be.
 *
 * @param ranges in order; the employees after the last range come last.
 */
export function nextRange(ranges: readonly IndexedRange[]): { afterId: number | null; lastId: number } | undefined {
  const span = restToIndex(ranges) ?? changedRange(ranges) ?? rangesToMerge(ranges);
  const last = span && ranges[span.end];
  return last && { afterId: ranges[span.start - 1]?.lastId ?? null, lastId: last.lastId };
}

type Span = { start: number; end: number };

/** Together with the range before them, if that is a small one. */
function restToIndex(ranges: readonly IndexedRange[]): Span | undefined {
  const end = ranges.length - 1;
  const rest = ranges[end];
  if (rest === undefined || rest.isIndexed || rest.employees < REST_MIN) return undefined;
  const before = ranges[end - 1];
  return { start: before !== undefined && before.employees < RANGE_MIN ? end - 1 : end, end };
}

function changedRange(ranges: readonly IndexedRange[]): Span | undefined {
  const index = ranges.findIndex(
    ({ employees, changes }) => changes >= Math.max(CHANGES_MIN, employees * CHANGED_SHARE),
  );
  return index < 0 ? undefined : { start: index, end: index };
}

/** Each employee is in at most two merges, as there are three sizes. */
function rangesToMerge(ranges: readonly IndexedRange[]): Span | undefined {
  const sizes = ranges.filter(({ isIndexed }) => isIndexed).map(({ employees }) => sizeOf(employees));
  const start = sizes.findIndex((size, index) => {
    const next = sizes.slice(index, index + FAN_IN);
    return size < SIZE_MAX && next.length === FAN_IN && next.every((other) => other === size);
  });
  return start < 0 ? undefined : { start, end: start + FAN_IN - 1 };
}

/** How often eight of the smallest make one of these. */
function sizeOf(employees: number): number {
  return Math.max(0, Math.floor(Math.log(employees / RANGE_MIN) / Math.log(FAN_IN) + 1e-9));
}
