import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type Gate = {
  /** The URL that was given, by way of the gate. */
  url: string;
  /** Cuts every connection and takes no new ones: the service is away. */
  shut(): Promise<void>;
  /** The service hangs: connections stand and are taken, and from here on no byte comes through them. */
  hang(): void;
  /** The service is back, under the same address. */
  open(): Promise<void>;
};

const LOOPBACK = '127.0.0.1';

/** A TCP way to a service that a test can shut and open again, while the service itself serves other tests. */
export async function setupGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let hangs = false;
  const hold = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const listen = async (onPort: number): Promise<Server> => {
    const server = createServer((inner) => {
      const outer = connect({ host: hostname, port: Number(port) });
      hold(inner);
      hold(outer);
      if (hangs) inner.resume();
      else inner.pipe(outer).pipe(inner);
      inner.on('close', () => outer.destroy());
      // A service that hangs does not even hang up.
      outer.on('close', () => hangs || inner.destroy());
    });
    server.listen({ host: LOOPBACK, port: onPort });
    await once(server, 'listening');
    return server;
  };

  let server: Server | undefined = await listen(0);
  const ownPort = portOf(server);
  const gate: Gate = {
    url: Object.assign(new URL(target), { hostname: LOOPBACK, port: String(ownPort) }).href,
    async shut() {
      if (server === undefined) return;
      const closed = once(server, 'close');
      server.close();
      server = undefined;
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    hang() {
      hangs = true;
      for (const socket of sockets) socket.unpipe().resume();
    },
    async open() {
      server ??= await listen(ownPort);
    },
  };
  onTestFinished(() => gate.shut());
  return gate;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening TCP server has no port');
  return address.port;
}
