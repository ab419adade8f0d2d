import { API_BASE, client, dataOf } from './client.ts';
import { authorization, noteAnswer } from './credentials.ts';
import { brokenOff, FileUnreadableError, isReadable, toProblemError } from './problem.ts';
import type { ImportSettings } from './settings.ts';
import type { DryRun, Upload } from './types.ts';
import { type Patience, untilAnswered } from './until-answered.ts';

/** What a file is to be read by: settings of its own, or a stored profile. */
export type Reading = { settings: ImportSettings } | { profile: string };

/** A file, and how it is to be read. */
export type Sending = { file: File; reading: Reading };

export type Progress = { sentBytes: number; totalBytes: number };

export type SendingOptions = Patience & { onProgress: (progress: Progress) => void };

const MIB = 1024 * 1024;
/** A server that refuses a longer body closes the connection, and a browser that still sends does not see the answer. */
const REFUSED_UNSEEN_BYTES = MIB;

/** What an upload of the file would result in; nothing of it is kept. @throws ProblemError, FileUnreadableError */
export function dryRunFile(sending: Sending, patience: Patience): Promise<DryRun> {
  const query = new URLSearchParams({ dryRun: 'true' });
  const options = { ...patience, onProgress: () => {} };
  return untilAnswered(() => post<DryRun>(sending, options, query, {}), patience);
}

/**
 * Sends a file through the form, again while it is not answered: with one idempotency key it becomes one upload.
 *
 * @throws ProblemError, FileUnreadableError
 */
export function sendForm(sending: Sending, idempotencyKey: string, options: SendingOptions): Promise<Upload> {
  const headers = { 'Idempotency-Key': idempotencyKey };
  return untilAnswered(() => post<Upload>(sending, options, new URLSearchParams(), headers), options);
}

/** By XMLHttpRequest: `fetch` does not say how much of a body is sent. */
async function post<Answer>(
  { file, reading }: Sending,
  { onProgress, signal }: SendingOptions,
  query: URLSearchParams,
  headers: Record<string, string>,
): Promise<Answer> {
  if (!(await isReadable(file))) throw new FileUnreadableError();
  if (file.size > REFUSED_UNSEEN_BYTES) await assertLetIn();
  const credentials = await authorization();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const form = new FormData();
  // Before the file, which is read as it comes. Not in the URL: a constant may be somebody's name.
  if ('profile' in reading) form.set('profile', reading.profile);
  else if (Object.keys(reading.settings).length > 0) form.set('settings', JSON.stringify(reading.settings));
  form.set('employee_data', file, file.name);
  const request = new XMLHttpRequest();
  request.open('POST', `${API_BASE}/v1/employee-data-upload?${query}`);
  for (const [name, value] of Object.entries({ ...headers, ...credentials })) request.setRequestHeader(name, value);
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    onProgress({ sentBytes: loaded, totalBytes: total }),
  );
  request.addEventListener('load', () => {
    const body = parseJson(request.responseText);
    noteAnswer(request.status, body);
    if (request.status >= 200 && request.status < 300) resolve(body as Answer);
    else reject(toProblemError(request.status, body, request.getResponseHeader('Retry-After')));
  });
  request.addEventListener('error', async () => reject(await brokenOff(file)));
  request.addEventListener('abort', () => reject(signal.reason));
  signal.addEventListener('abort', () => request.abort());
  request.send(form);
  return promise;
}

/** Asks for something small first. @throws ProblemError where the API is unavailable, or wants other credentials. */
async function assertLetIn(): Promise<void> {
  const answer = client.GET('/v1/uploads', { params: { query: { limit: 1 } } });
  // Who may send need not be one who may read.
  if ((await answer).response.status !== 403) await dataOf(answer);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
