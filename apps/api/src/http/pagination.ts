import type { Request, Response } from 'express';

export type Page = { page: number; limit: number };

/** How a list answers: its page, and where the page stands in the whole. */
export type Paginated<T> = {
  data: T[];
  pagination: Page & { total: number; totalRelation: 'eq' | 'gte'; totalPages: number };
};

export function offsetOf({ page, limit }: Page): number {
  return (page - 1) * limit;
}

/** Answers one page of a list, with RFC 8288 links to the first, previous, next and last. */
export function sendPage<T>(
  request: Request,
  response: Response,
  { page, limit }: Page,
  { data, total }: { data: T[]; total: number },
): void {
  const totalPages = Math.ceil(total / limit);
  const links = {
    first: 1,
    prev: page > 1 ? page - 1 : undefined,
    next: page < totalPages ? page + 1 : undefined,
    last: Math.max(1, totalPages),
  };
  const values = Object.entries(links).flatMap(([rel, target]) =>
    target === undefined ? [] : [`<${linkTo(request, target)}>; rel="${rel}"`],
  );
  response.set('Link', values.join(', '));
  const body: Paginated<T> = { data, pagination: { page, limit, total, totalRelation: 'eq', totalPages } };
  response.json(body);
}

/** The request's own URL with another page. Relative, so that it holds behind a proxy too. */
function linkTo(request: Request, page: number): string {
  const url = new URL(request.originalUrl, 'http://localhost');
  url.searchParams.set('page', String(page));
  return url.pathname + url.search;
}
