import { createServer } from 'node:net';
import { EmbeddedError, errorCode } from './embedded-error.ts';

export const LOOPBACK = '127.0.0.1';

/** A TCP port of 127.0.0.1 that nobody listens on at this moment. It is not reserved: another process may take it. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/** Whether nobody listens on `port` of 127.0.0.1 at this moment. */
export async function isFreePort(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch {
    return false;
  }
}

/** Throws an {@link EmbeddedError} that names the port when somebody listens on `port` of 127.0.0.1 already. */
export async function requireFreePort(port: number, what: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    throw portError(error, port, what);
  }
}

/** Turns the error of a failed listen into one line for the user; other errors come back as they are. */
export function portError(error: unknown, port: number, what: string): unknown {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new EmbeddedError(
        `Port ${port} for ${what} is in use: stop what listens there, or start again for another one`,
      );
    case 'EACCES':
      return new EmbeddedError(`Port ${port} for ${what} may not be opened by this user`);
    default:
      return error;
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('a listening TCP server has no port'));
      });
    });
  });
}
