import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { nameRequest, REQUEST_ID_HEADER } from './http/request-log.ts';
import { PROBLEMS, type ProblemCode } from './problems/catalogue.ts';
import type { Problem } from './problems/problem-schema.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const KIB = 1024;

/** Longest that a client may take to send a request: a large file over a slow line. */
const REQUEST_TIMEOUT = 60 * MINUTE;

const LIMITS = {
  requestTimeout: REQUEST_TIMEOUT,
  /** Longest that a client may take to send the headers. */
  headersTimeout: 30 * SECOND,
  /** Longer than the 60 s of common load balancers, which must not be the ones to send into a closed connection. */
  keepAliveTimeout: 65 * SECOND,
  maxHeaderSize: 16 * KIB,
  /** Node would answer by itself, without a problem; see `refuseMalformed`. */
  requireHostHeader: false,
};

/**
 * Longest that a connection in use may lie still, in either direction: a client that sends or reads nothing any more.
 * Event streams send a comment more often; a route that works for longer before it answers sets its own.
 */
const IDLE_TIMEOUT = 5 * MINUTE;
/** How often connections that became idle are closed while stopping. */
const CLOSE_INTERVAL = 50;

export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export type RunningApi = {
  url: string;
  /** Takes no new connections, lets requests in flight finish, then closes. */
  close(): Promise<void>;
};

/** @throws ListenError, one line, when the address cannot be listened on. */
export async function listen(app: Express, { host, port }: { host: string; port: number }): Promise<RunningApi> {
  const server = createServer(LIMITS, refuseMalformed(app));
  const silent = trackSilent(server);
  server.setTimeout(IDLE_TIMEOUT);
  server.on('clientError', answerUnreadable);
  server.on('checkExpectation', refuseExpectation);
  server.on('connect', answerConnect);
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(describe(error, host, port), { cause: error });
  }
  return { url: urlOf(server, host), close: () => close(server, silent) };
}

/**
 * The connections that have brought no request yet, such as browsers open in advance. Node counts them among those in
 * use until the headers are overdue, for up to a minute.
 */
function trackSilent(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return silent;
}

async function close(server: Server, silent: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of silent) socket.destroy();
  // A connection whose request ends from now on would be kept alive for the next one.
  const closing = setInterval(() => server.closeIdleConnections(), CLOSE_INTERVAL);
  server.closeIdleConnections();
  await closed;
  clearInterval(closing);
}

/** What is no HTTP, too large or too slow never becomes a request; it is answered with a problem all the same. */
function answerUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const code = codeOf(error);
  endWith(socket, answerOf(code, { detail: `${PROBLEMS[code].title}.`, instance: '/', requestId: randomUUID() }));
}

/** Node gives the connection away with the request. What it still brings is not read, but its end is. */
function answerConnect(request: IncomingMessage, socket: Duplex): void {
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
function refuseMalformed(app: Express): RequestListener {
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
function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
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

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function describe(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `port ${port} of ${host} is in use; set PORT to a free one`;
  if (code === 'EACCES') return `port ${port} needs more rights than this process has; set PORT to one above 1023`;
  return `cannot listen on ${host}:${port} (${code}); check HOST and PORT`;
}
