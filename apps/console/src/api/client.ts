import createClient, { type Middleware } from 'openapi-fetch';
import { authorization, noteAnswer } from './credentials.ts';
import { type ProblemError, toProblemError, unanswered } from './problem.ts';
import type { paths } from './schema.d.ts';

/** Where the API is: where the page is. */
export const API_BASE = new URL('.', document.baseURI).pathname.replace(/\/$/, '');

const withKey: Middleware = {
  async onRequest({ request }) {
    for (const [name, value] of Object.entries(await authorization())) request.headers.set(name, value);
    return request;
  },
  onResponse({ response }) {
    return note(response);
  },
  onError: () => unanswered(),
};

export const client = createClient<paths>({ baseUrl: API_BASE });
client.use(withKey);

/** For what the client's types do not know: streams and files. @param path from the API's root on. */
export async function fetchWithKey(
  path: string,
  init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
) {
  const headers = { ...init.headers, ...(await authorization()) };
  const response = await fetch(`${API_BASE}${path}`, { ...init, headers });
  await note(response);
  return response;
}

async function note(response: Response): Promise<undefined> {
  if (response.ok) return;
  noteAnswer(
    response.status,
    await response
      .clone()
      .json()
      .catch(() => undefined),
  );
}

/** The data of an answer. @throws ProblemError */
export async function dataOf<Data>(
  answer: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const { data, error, response } = await answer;
  if (!response.ok || data === undefined || data === null)
    throw toProblemError(response.status, error, response.headers.get('Retry-After'));
  return data;
}

/** For an answer that has no body. @throws ProblemError */
export async function requireDone(answer: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  const { error, response } = await answer;
  if (!response.ok) throw toProblemError(response.status, error);
}

/** Whether asking again may help: the server was unavailable or busy. */
export function mayRetry({ status }: ProblemError): boolean {
  return status === 0 || status === 503 || status === 429;
}
