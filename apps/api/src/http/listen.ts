import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Express } from 'express';
import { answerConnect, answerUnreadable, refuseExpectation, refuseMalformed } from './raw-errors.ts';

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
