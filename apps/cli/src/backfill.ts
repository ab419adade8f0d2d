import { setTimeout as delay } from 'node:timers/promises';
import { runMain } from '@rowferry/runtime';

export type BackfillOptions = {
  prefix: string;
  profile?: string;
  concurrency?: number;
  /** Of the API. */
  url: string;
  key?: string;
  /** Whether to stay until it has ended. */
  wait: boolean;
};

/** What the API answers of a backfill, as far as it is shown. */
type Backfill = {
  id: string;
  status: 'running' | 'completed' | 'completed_with_errors' | 'failed';
  files: Record<'waiting' | 'running' | 'done' | 'failed' | 'skipped', number>;
  unchanged: number;
  rows: Record<string, number>;
  failure: { detail: string } | null;
};

const POLL_MS = 1000;
/** Longest that a request may take. The API asks S3 and Step Functions in its course. */
const REQUEST_TIMEOUT_MS = 60_000;
const NEEDS_KEY = 'wants a valid key: name one with --key or ROWFERRY_API_KEY';
/** Back to the beginning of the line, and all of it cleared. */
const CLEAR_LINE = '\r\u001b[K';

/** The API does not answer, or not what was asked for: the message says why. */
class BackfillError extends Error {
  override readonly name = 'BackfillError';
}

/** `rowferry backfill`: asks for a backfill and follows it to its end. Ends with 1 when a file has failed. */
export function runBackfill(options: BackfillOptions): void {
  runMain(() => backfill(options), [BackfillError]);
}

async function backfill({ wait, ...given }: BackfillOptions): Promise<void> {
  const options = { ...given, url: given.url.replace(/\/+$/, '') };
  const { prefix, profile, concurrency } = options;
  const { status, answer } = await ask(options, 'POST', '/v1/backfills', { prefix, profile, concurrency });
  const verb = status === 202 ? 'began' : 'is running already';
  process.stdout.write(`Backfill ${answer.id} ${verb}: ${options.url}/v1/backfills/${answer.id}\n`);
  if (!wait) return;
  const ended = await follow(options, answer);
  process.stdout.write(summary(ended, options.url));
  if (ended.status !== 'completed') process.exitCode = 1;
}

async function follow(options: Connection, begun: Backfill): Promise<Backfill> {
  let now = begun;
  while (now.status === 'running') {
    show(progressLine(now));
    await delay(POLL_MS);
    now = (await ask(options, 'GET', `/v1/backfills/${begun.id}`)).answer;
  }
  show('');
  return now;
}

type Connection = Pick<BackfillOptions, 'url' | 'key'>;

async function ask(
  { url, key }: Connection,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<{ status: number; answer: Backfill }> {
  const headers = {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const response = await fetch(url + path, {
    method,
    headers,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    ...(body && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new BackfillError(`the API at ${url} does not answer; start it, or name another with --url`, {
      cause: error,
    });
  });
  const answer = (await response.json().catch(() => ({}))) as Backfill & { detail?: string };
  if (response.status === 401) throw new BackfillError(`the API at ${url} ${NEEDS_KEY}`);
  if (!response.ok) throw new BackfillError(answer.detail ?? `the API answered ${response.status}`);
  return { status: response.status, answer };
}

function progressLine({ files }: Backfill): string {
  const { waiting, running, done, failed, skipped } = files;
  return `${done} done, ${failed} failed, ${skipped} skipped, ${running} running, ${waiting} waiting`;
}

/** The line is for people: a file or a pipe gets the summary alone. */
function show(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE + line);
}

function summary({ id, status, files, unchanged, rows, failure }: Backfill, url: string): string {
  const { done, failed, skipped } = files;
  const outcomes = Object.entries(rows)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`);
  return [
    `Status     ${status}${failure === null ? '' : `: ${failure.detail}`}`,
    `Files      ${done} done, ${failed} failed, ${skipped} skipped, ${unchanged} unchanged`,
    `Rows       ${outcomes.length === 0 ? 'none' : outcomes.join(', ')}`,
    ...(failed > 0 ? [`Why        ${url}/v1/backfills/${id}/files?state=failed`] : []),
    '',
  ].join('\n');
}
