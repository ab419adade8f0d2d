import type { Request } from 'express';

export type Page = { page: number; limit: number };

/** How many there are in all: exactly (`eq`), or at least (`gte`). */
export type Total = { total: number; totalRelation: 'eq' | 'gte' };

/** Where a page stands in the whole. */
export type Pagination = Page & Total & { totalPages: number };

/** How a list answers. */
export type Paginated<T> = { data: T[]; pagination: Pagination };

export function offsetOf({ page, limit }: Page): number {
  return (page - 1) * limit;
}

export function paginationOf({ page, limit }: Page, { total, totalRelation }: Total): Pagination {
  return { page, limit, total, totalRelation, totalPages: Math.ceil(total / limit) };
}

/**
 * The reply with one page of a list, with links to the first, previous, next and last page.
 *
 * @param hasNext whether more follow; it must be said where the total is not exact.
 */
export function pageReply<T>(
  request: Request,
  page: Page,
  data: T[],
  total: Total,
  hasNext = page.page * page.limit < total.total,
): { status: 200; headers: { Link: string }; body: Paginated<T> } {
  const pagination = paginationOf(page, total);
  return { status: 200, headers: { Link: pageLinks(request, pagination, hasNext) }, body: { data, pagination } };
}

/** The `Link` header of a page (RFC 8288). The last one has a link only where it is known which it is. */
export function pageLinks(request: Request, { page, totalPages, totalRelation }: Pagination, hasNext: boolean): string {
  return linkHeader(request, {
    first: 'page=1',
    ...(page > 1 ? { prev: `page=${page - 1}` } : {}),
    ...(hasNext ? { next: `page=${page + 1}` } : {}),
    ...(totalRelation === 'eq' ? { last: `page=${Math.max(1, totalPages)}` } : {}),
  });
}

/** The same for a list that is walked by cursor; null: it ends here. */
export function cursorLinks(request: Request, nextCursor: string | null): string {
  return linkHeader(request, { first: '', ...(nextCursor === null ? {} : { next: `cursor=${nextCursor}` }) });
}

/**
 * Relative, so that it holds behind a proxy too; see `publicPrefix`.
 *
 * @param places of which each has its own parameter, of letters that need no escape; all else in the URL of the request
 *   says which list it is.
 */
function linkHeader(request: Request, places: Record<string, string>): string {
  const { pathname, search } = new URL(request.originalUrl, 'http://localhost');
  const parameters = new URLSearchParams(search);
  parameters.delete('page');
  parameters.delete('cursor');
  const list = parameters.toString();
  return Object.entries(places)
    .map(([rel, place]) => {
      const query = list === '' || place === '' ? list + place : `${list}&${place}`;
      return `<${request.publicPrefix}${pathname}${query === '' ? '' : `?${query}`}>; rel="${rel}"`;
    })
    .join(', ');
}
