import { API_BASE } from './client.ts';
import { authorization, noteAnswer } from './credentials.ts';
import { toProblemError, unanswered } from './problem.ts';
import type { ImportSettings } from './settings.ts';
import type { DryRun, Upload } from './types.ts';

/** A file, and how it is to be read. */
export type Sending = {
  file: File;
  settings: ImportSettings;
  /** How much of it is sent, from 0 to 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
};

/** What an upload of the file would result in; nothing of it is kept. @throws ProblemError */
export function dryRunFile(sending: Sending): Promise<DryRun> {
  return post<DryRun>(sending, new URLSearchParams({ dryRun: 'true' }), {});
}

/**
 * Sends a file through the form. With the same `idempotencyKey` it may be sent again after a lost answer: it becomes one
 * upload. @throws ProblemError
 */
export function sendFile(sending: Sending, idempotencyKey: string): Promise<Upload> {
  return post<Upload>(sending, new URLSearchParams(), { 'Idempotency-Key': idempotencyKey });
}

/** By XMLHttpRequest: `fetch` does not say how much of a body is sent. */
async function post<Answer>(
  { file, settings, onProgress, signal }: Sending,
  query: URLSearchParams,
  headers: Record<string, string>,
): Promise<Answer> {
  const credentials = await authorization();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const form = new FormData();
  // Before the file, which is read as it comes. Not in the URL: a constant may be somebody's name.
  if (Object.keys(settings).length > 0) form.set('settings', JSON.stringify(settings));
  form.set('employee_data', file, file.name);
  const request = new XMLHttpRequest();
  request.open('POST', `${API_BASE}/v1/employee-data-upload?${query}`);
  for (const [name, value] of Object.entries({ ...headers, ...credentials })) request.setRequestHeader(name, value);
  request.upload.addEventListener('progress', ({ loaded, total }) => onProgress?.(total === 0 ? 1 : loaded / total));
  request.addEventListener('load', () => {
    const body = parseJson(request.responseText);
    noteAnswer(request.status, body);
    if (request.status >= 200 && request.status < 300) resolve(body as Answer);
    else reject(toProblemError(request.status, body));
  });
  request.addEventListener('error', () => reject(unanswered()));
  request.addEventListener('abort', () => reject(unanswered()));
  signal?.addEventListener('abort', () => request.abort());
  request.send(form);
  return promise;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
