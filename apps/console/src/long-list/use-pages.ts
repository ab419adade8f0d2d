import { useThrottledValue } from '@mantine/hooks';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { RowRange } from './long-list.tsx';

/** The API gives no more at once. */
export const PAGE_ROWS = 100;
/** Rows that are asked for before they are seen. */
const AHEAD_ROWS = 30;
/** Who scrolls far passes over pages that need not be asked for. */
const THROTTLE_MS = 100;

export type PageOf<Row> = { data: Row[]; pagination: { total: number; totalRelation: 'eq' | 'gte' } };

/**
 * The pages of a list that are in sight, and the first, which says how many rows there are. Others are dropped at once, so memory does not
 * grow with what was scrolled over. A request for a page that is out of sight before it is answered is cancelled.
 */
export function usePages<Row>(
  key: readonly unknown[],
  fetchPage: (page: number, signal: AbortSignal) => Promise<PageOf<Row>>,
) {
  const [range, setRange] = useState<RowRange>({ first: 0, last: 0 });
  const wanted = useThrottledValue(range, THROTTLE_MS);
  const known = useQueryClient().getQueryData<PageOf<Row>>([...key, 1])?.pagination;
  const reach = useReach(JSON.stringify(key));
  const count =
    known === undefined ? 0 : known.totalRelation === 'eq' ? known.total : Math.max(known.total, reach.rows);
  const pages = pagesOf(wanted, count);
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...key, page],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchPage(page, signal),
      gcTime: 0,
    })),
  });
  const found = new Map(pages.map((page, index) => [page, results[index]?.data]));
  const first = results[0];
  const seen = Math.max(0, ...[...found].map(([page, answer]) => endOf(page, answer?.data.length ?? 0)));
  useEffect(() => reach.note(seen), [reach.note, seen]);
  return {
    /** How many rows can be scrolled to: where only so many were counted, more when one gets there. */
    count,
    total: first?.data?.pagination,
    /** Undefined while it is not there yet. */
    rowAt: (index: number): Row | undefined => found.get(Math.floor(index / PAGE_ROWS) + 1)?.data[index % PAGE_ROWS],
    isPending: first?.isPending ?? true,
    error: results.find(({ error }) => error !== null)?.error ?? null,
    retry: () => {
      for (const result of results) if (result.error !== null) void result.refetch();
    },
    onRange: setRange,
  };
}

/** Numbers of the pages that these rows are on, from 1, in order; the first is among them always. */
export function pagesOf({ first, last }: RowRange, count: number): number[] {
  const from = Math.floor(Math.max(0, first - AHEAD_ROWS) / PAGE_ROWS) + 1;
  const to = Math.floor(Math.min(last + AHEAD_ROWS, count - 1) / PAGE_ROWS) + 1;
  const inSight = Array.from({ length: Math.max(0, to - from + 1) }, (_, step) => from + step);
  return [...new Set([1, ...inSight])];
}

/** How many rows there are at least where a page has so many. A full page may have another behind it. */
function endOf(page: number, rows: number): number {
  return rows === 0 ? 0 : (page - 1) * PAGE_ROWS + rows + (rows === PAGE_ROWS ? PAGE_ROWS : 0);
}

/** The most rows that were noted of the list with this key. */
function useReach(key: string): { rows: number; note: (rows: number) => void } {
  const [reach, setReach] = useState({ key, rows: 0 });
  const note = useCallback(
    (rows: number) => setReach((before) => (before.key === key && before.rows >= rows ? before : { key, rows })),
    [key],
  );
  return { rows: reach.key === key ? reach.rows : 0, note };
}
