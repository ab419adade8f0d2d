import createClient, { type Middleware } from 'openapi-fetch';
import { currentKey, wantKey } from './key.ts';
import { type ProblemError, toProblemError, unanswered } from './problem.ts';
import type { paths } from './schema.d.ts';

/** Where the API is: where the page is. */
export const API_BASE = new URL('.', document.baseURI).pathname.replace(/\/$/, '');

const withKey: Middleware = {
  onRequest({ request }) {
    const key = currentKey();
    if (key !== null) request.headers.set('Authorization', `Bearer ${key}`);
    return request;
  },
  onResponse({ response }) {
    if (response.status === 401) wantKey();
  },
  onError: () => unanswered(),
};

export const client = createClient<paths>({ baseUrl: API_BASE });
client.use(withKey);

/** The data of an answer. @throws ProblemError */
export async function dataOf<Data>(
  answer: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const { data, error, response } = await answer;
  if (!response.ok || data === undefined || data === null) throw toProblemError(response.status, error);
  return data;
}

/** Whether asking again may help: the server was away or had too much to do. */
export function mayRetry({ status }: ProblemError): boolean {
  return status === 0 || status === 503 || status === 429;
}
