import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

const LOOPBACK = '127.0.0.1';

/** The two sockets of one connection that goes through the proxy. */
type Link = {
  inner: Socket;
  outer: Socket;
  /** Swallowed by a black hole: neither end hears of the other any more, not even that it is gone. */
  lost: boolean;
  /** What a stall holds back, in order. */
  late: (() => void)[];
};

/** A TCP proxy to the service of this URL, closed at the end of the test. */
export async function setupProxy(target: string): Promise<TcpProxy> {
  const proxy = await TcpProxy.to(target);
  onTestFinished(() => proxy.shut());
  return proxy;
}

/**
 * A TCP way to a service on which connections can be cut, held up, swallowed and refused, while the service itself goes on
 * serving others.
 */
export class TcpProxy {
  /** The URL of the service, by way of the proxy. */
  readonly url: string;
  readonly port: number;
  readonly #target: { host: string; port: number };
  readonly #links = new Set<Link>();
  #server: Server | undefined;
  #holes = 0;
  #stalls = 0;
  #swallowed = 0;
  #held = 0;

  private constructor(target: URL, server: Server) {
    this.#target = { host: target.hostname, port: Number(target.port) };
    this.#serve(server);
    this.port = portOf(server);
    this.url = Object.assign(new URL(target), { hostname: LOOPBACK, port: String(this.port) }).href;
  }

  static async to(target: string): Promise<TcpProxy> {
    return new TcpProxy(new URL(target), await listen(0));
  }

  /** Breaks every connection, as a firewall that resets. @returns how many. */
  cut(): number {
    const links = [...this.#links].filter(({ lost }) => !lost);
    for (const { inner, outer } of links) {
      inner.resetAndDestroy();
      outer.resetAndDestroy();
    }
    return links.length;
  }

  /** Holds back all bytes for a while, in both directions. @returns how many pieces were late. */
  async stall(ms: number): Promise<number> {
    const before = this.#held;
    this.#stalls++;
    await delay(ms);
    this.#stalls--;
    if (this.#stalls === 0) for (const link of this.#links) for (const step of link.late.splice(0)) step();
    return this.#held - before;
  }

  /**
   * Swallows all bytes for a while, and for good those of connections that were open in it: as a network that lost its
   * state. @returns how many pieces were lost.
   */
  async blackhole(ms: number): Promise<number> {
    const before = this.#swallowed;
    this.hang();
    await delay(ms);
    this.#holes--;
    return this.#swallowed - before;
  }

  /** The service hangs: connections stand and are taken, and from here on no byte comes through them. */
  hang(): void {
    this.#holes++;
    for (const link of this.#links) link.lost = true;
  }

  /** The service is gone: cuts every connection and takes no new ones, until `open` is called. */
  shut = async (): Promise<void> => {
    if (this.#server === undefined) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server = undefined;
    for (const { inner, outer } of this.#links) {
      inner.destroy();
      outer.destroy();
    }
    await closed;
  };

  /** The service is back, under the same address. */
  open = async (): Promise<void> => {
    if (this.#server === undefined) this.#serve(await listen(this.port));
  };

  #serve(server: Server): void {
    this.#server = server;
    server.on('connection', (socket) => this.#link(socket));
  }

  #link(inner: Socket): void {
    const outer = connect(this.#target);
    const link: Link = { inner, outer, lost: this.#holes > 0, late: [] };
    this.#links.add(link);
    this.#forward(link, inner, outer);
    this.#forward(link, outer, inner);
  }

  #forward(link: Link, from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      if (link.lost) this.#swallowed++;
      else if (this.#stalls > 0) this.#held++;
      this.#pass(link, () => {
        if (!to.write(chunk)) from.pause();
      });
    });
    to.on('drain', () => from.resume());
    from.on('end', () => this.#pass(link, () => to.end()));
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.#pass(link, () => to.destroy());
      if (link.inner.destroyed && link.outer.destroyed) this.#links.delete(link);
    });
  }

  /** Does a step of a link now, late or never. */
  #pass(link: Link, step: () => void): void {
    if (link.lost) return;
    if (this.#stalls > 0) link.late.push(step);
    else step();
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen({ host: LOOPBACK, port });
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening TCP server has no port');
  return address.port;
}
