import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

const MINUTE = 60 * 1000;

/** Longest that a client may take to send a request: a large file over a slow line. */
export const REQUEST_TIMEOUT = 60 * MINUTE;

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
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT, headersTimeout: MINUTE }, app);
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(describe(error, host, port), { cause: error });
  }
  return { url: urlOf(server, host), close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
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
