import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const LOOPBACK = '127.0.0.1';

/** The two sockets of one connection that goes through the proxy. */
type Link = {
  inner: Socket;
  outer: Socket;
  /** Swallowed by the black hole: neither end hears of the other any more, not even that it is gone. */
  lost: boolean;
  /** What a stall holds back, in order. */
  late: (() => void)[];
};

/** A TCP way to a port of this machine on which connections can be cut, held up and made to vanish. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #links = new Set<Link>();
  #holes = 0;
  #stalls = 0;
  #swallowed = 0;
  #held = 0;

  private constructor(server: Server, port: number, targetPort: number) {
    this.#server = server;
    this.port = port;
    this.#targetPort = targetPort;
    server.on('connection', (socket) => this.#link(socket));
  }

  static async open(targetPort: number): Promise<TcpProxy> {
    const server = createServer();
    server.listen({ host: LOOPBACK, port: 0 });
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a listening TCP server has no port');
    return new TcpProxy(server, address.port, targetPort);
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
    this.#holes++;
    for (const link of this.#links) link.lost = true;
    await delay(ms);
    this.#holes--;
    return this.#swallowed - before;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const { inner, outer } of this.#links) {
      inner.destroy();
      outer.destroy();
    }
    await closed;
  }

  #link(inner: Socket): void {
    const outer = connect({ host: LOOPBACK, port: this.#targetPort });
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
