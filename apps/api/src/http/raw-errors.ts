import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { PROBLEMS, type ProblemCode } from '../problems/catalogue.ts';
import type { Problem } from '../problems/schema.ts';
import { nameRequest, REQUEST_ID_HEADER } from './request-log.ts';

/** For how long data is taken from a client that was refused, so that it can read why. */
const LINGER_MS = 2000;

/** What is no HTTP, too large or too slow never becomes a request; it is answered with a problem all the same. */
export function answerUnreadable(error: ParserError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const code = codeOf(error);
  const detail = adviceFor(error) ?? `${PROBLEMS[code].title}.`;
  endWith(socket, answerOf(code, { detail, instance: '/', requestId: randomUUID() }));
  // Data that nobody reads would have the connection reset, and the answer lost.
  socket.on('error', () => socket.destroy()).resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

type ParserError = Error & { code?: string; rawPacket?: Uint8Array };

/** The first byte of a TLS record that begins a handshake (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 0x16;

/** What was probably meant, by how the parser failed. */
function adviceFor({ code, rawPacket }: ParserError): string | undefined {
  if (rawPacket?.[0] === TLS_HANDSHAKE) return 'This port takes HTTP, not HTTPS: use a URL that begins with http://.';
  switch (code) {
    case 'HPE_INVALID_URL':
      return 'The URL has a character that must be percent-encoded, such as a letter outside ASCII. With curl: -G --data-urlencode "searchTerm=…".';
    case 'HPE_INVALID_CONSTANT':
    case 'HPE_INVALID_VERSION':
      return 'The request line cannot be read. A space in the URL must be percent-encoded, as %20.';
    case 'HPE_PAUSED_H2_UPGRADE':
      return 'This port takes HTTP/1.1, not HTTP/2.';
    default:
      return undefined;
  }
}

/** Node leaves the connection to this listener. Its data is discarded, its end is noticed. */
export function answerConnect(request: IncomingMessage, socket: Duplex): void {
  const { url = '/' } = request;
  const detail = 'This server is no proxy.';
  const answer = answerOf('method_not_allowed', { detail, instance: url, requestId: nameRequest(request) });
  // No method is allowed for what CONNECT names, and a 405 has to say so.
  endWith(socket, { ...answer, headers: { ...answer.headers, Allow: '' } });
  socket.on('error', () => socket.destroy()).resume();
}

function endWith(socket: Duplex, { status, headers, body }: Answer): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

/** Refuses what Express would answer by itself or misunderstand. */
export function refuseMalformed(app: Express): RequestListener {
  return (request, response) => {
    const fault = faultOf(request);
    if (fault === undefined) return app(request, response);
    refuse(request, response, 'malformed_request', fault);
  };
}

function faultOf(request: IncomingMessage): string | undefined {
  const { url = '', httpVersion } = request;
  const hosts = countHosts(request);
  // Every request has one Host; only one of HTTP/1.0 may do without (RFC 9112, section 3.2). Node takes the first of several.
  if (hosts > 1) return 'The request has more than one Host header.';
  if (hosts === 0 && httpVersion !== '1.0') return 'The request has no Host header.';
  // A path, `*`, or the whole URL, as proxies are sent it (RFC 9112, section 3.2).
  const isTarget = url.startsWith('/') || url === '*' || URL.canParse(url);
  return isTarget ? undefined : 'The request target is no path and no URL.';
}

function countHosts({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
}

/** Of what a request can expect (RFC 9110, section 10.1.1), Node does 100-continue by itself, and nothing else is known. */
export function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  refuse(request, response, 'expectation_failed', 'This server knows no other expectation than 100-continue.');
}

function refuse(request: IncomingMessage, response: ServerResponse, code: ProblemCode, detail: string): void {
  const { url = '/' } = request;
  const { status, headers, body } = answerOf(code, { detail, instance: url, requestId: nameRequest(request) });
  response.writeHead(status, headers).end(body);
}

type Answer = { status: number; headers: Record<string, string | number>; body: string };

/** A problem as the last answer of its connection. */
function answerOf(code: ProblemCode, facts: Pick<Problem, 'detail' | 'instance' | 'requestId'>): Answer {
  const { status, title } = PROBLEMS[code];
  const problem: Problem = { type: 'about:blank', title, status, code, ...facts };
  const body = JSON.stringify(problem);
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    [REQUEST_ID_HEADER]: facts.requestId,
    Connection: 'close',
  };
  return { status, headers, body };
}

/** https://nodejs.org/api/http.html#event-clienterror */
function codeOf({ code }: { code?: string }): ProblemCode {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request_timeout';
    default:
      return 'malformed_request';
  }
}
