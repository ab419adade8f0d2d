import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { VERSION } from '@rowferry/runtime';
import type { AttemptAnswer, AttemptError, AttemptRequest } from './attempt.ts';
import { checkWebhookUrl, hostOf, type UrlRules } from './check-url.ts';
import { AddressRefusedError, guardedLookup, type Resolve } from './guarded-lookup.ts';
import { isPublicAddress } from './public-address.ts';
import { readRetryAfter } from './retry-after.ts';

const SECOND = 1000;
/** From looking the name up to the end of the answer. */
export const ATTEMPT_TIMEOUT_MS = 15 * SECOND;
/** Of an answer's body no more is read. It is not looked at. */
const BODY_MAX_BYTES = 4 * 1024;
const HEADERS_MAX_BYTES = 16 * 1024;

export type SenderSettings = UrlRules & {
  /** For tests: names that no DNS has. */
  resolve?: Resolve;
  /** For tests with certificates of their own. */
  ca?: string;
  timeoutMs?: number;
};

type Exchange = Pick<AttemptAnswer, 'httpStatus' | 'error' | 'retryAfterSeconds'>;

/** Makes one attempt. It never throws: whatever happens is in the answer. */
export async function sendAttempt(request: AttemptRequest, settings: SenderSettings): Promise<AttemptAnswer> {
  const at = new Date();
  const began = performance.now();
  const exchange = await post(request, settings).catch(
    (error: unknown): Exchange => ({ httpStatus: null, error: errorOf(error), retryAfterSeconds: null }),
  );
  const durationMs = Math.round(performance.now() - began);
  return { deliveryId: request.deliveryId, attempt: request.attempt, at: at.toISOString(), durationMs, ...exchange };
}

/** @throws when there is no complete answer. */
async function post({ url: text, headers, body }: AttemptRequest, settings: SenderSettings): Promise<Exchange> {
  const checked = checkWebhookUrl(text, settings);
  if (!checked.ok) throw new AddressRefusedError(checked.fault);
  const signal = AbortSignal.timeout(settings.timeoutMs ?? ATTEMPT_TIMEOUT_MS);
  try {
    const response = await send(checked.url, optionsOf(checked.url, headers, body, signal, settings), body);
    await readBeginning(response).finally(() => response.destroy());
    return exchangeOf(response);
  } catch (error) {
    // A connection that the time-out has closed looks like one that was lost.
    throw signal.aborted ? signal.reason : error;
  }
}

function exchangeOf({ statusCode: httpStatus = 0, headers }: IncomingMessage): Exchange {
  const retryAfterSeconds = readRetryAfter(headers['retry-after'], new Date());
  return { httpStatus, error: errorOfStatus(httpStatus), retryAfterSeconds };
}

function optionsOf(
  url: URL,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
  { allowPrivate, resolve, ca }: SenderSettings,
): https.RequestOptions {
  const isAllowed = allowPrivate ? () => true : isPublicAddress;
  // An address is not looked up, so the lookup would not see it.
  if (isIP(hostOf(url)) !== 0 && !isAllowed(hostOf(url))) throw new AddressRefusedError('not a public address');
  return {
    method: 'POST',
    // A connection of its own, closed at the end: none is kept whose address was checked for another delivery.
    agent: false,
    lookup: guardedLookup(isAllowed, resolve),
    signal,
    maxHeaderSize: HEADERS_MAX_BYTES,
    ...(ca === undefined ? {} : { ca }),
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'User-Agent': `Rowferry/${VERSION}`,
      ...headers,
    },
  };
}

/** Resolves when the head of the answer is there. Redirects are answers like any other: Node follows none. */
function send(url: URL, options: RequestOptions, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    request(url, options, resolve).on('error', reject).end(body);
  });
}

/** Reads to the end of the body or to `BODY_MAX_BYTES`. @throws when the connection is lost, or the time is over. */
async function readBeginning(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes >= BODY_MAX_BYTES) return;
  }
}

function errorOfStatus(status: number): AttemptError | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return 'redirect';
  return status === 410 ? 'gone' : 'bad_status';
}

/** Codes of Node's errors. What is not here was a connection that did not come about, or was lost. */
const ERROR_CODES: [pattern: RegExp, error: AttemptError][] = [
  [/^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/, 'name_not_found'],
  [/^(ABORT_ERR|ETIMEDOUT|ERR_SOCKET_CONNECTION_TIMEOUT)/, 'timeout'],
  [/^HPE_/, 'malformed_answer'],
  [/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH)/, 'tls_failed'],
];

function errorOf(error: unknown): AttemptError {
  if (error instanceof AddressRefusedError) return 'address_refused';
  const { code, name }: { code?: unknown; name?: unknown } = Object(error);
  if (name === 'AbortError' || name === 'TimeoutError') return 'timeout';
  const known = ERROR_CODES.find(([pattern]) => pattern.test(String(code)));
  return known?.[1] ?? 'connection_failed';
}
