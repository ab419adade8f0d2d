import type { Response } from 'express';
import type { ApiProblem } from '../../problems/api-problem.ts';
import type { ProgressEvent } from './progress-event.ts';

const SECOND = 1000;
/** Proxies and the server's own idle time-out cut connections on which nothing moves for a minute or more. */
const HEARTBEAT = 15 * SECOND;
/** How long a client waits before it comes back. */
const RETRY_MS = SECOND;

/** One client that follows an upload. */
export class EventStream {
  readonly #response: Response;
  readonly #heartbeat: NodeJS.Timeout;
  #lastId: string | undefined;

  constructor(response: Response) {
    this.#response = response;
    // Without X-Accel-Buffering, nginx keeps events back until it has a buffer full of them.
    response.status(200).set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT);
    this.onEnd(() => clearInterval(this.#heartbeat));
  }

  /** Sends an event unless the client has it. A client that is slow to read misses states in between, never the last. */
  send(event: ProgressEvent): void {
    if (event.id === this.#lastId || this.#response.writableEnded) return;
    if (this.#response.writableNeedDrain && !event.isLast) return;
    this.#lastId = event.id;
    this.#response.write(event.text);
    if (event.isLast) this.end();
  }

  /** Ends with an event that says why. It has no id, so that a client that comes back is answered as any other. */
  refuse({ code, message }: ApiProblem): void {
    if (this.#response.writableEnded) return;
    this.#response.write(`event: refused\ndata: ${JSON.stringify({ code, detail: message })}\n\n`);
    this.end();
  }

  end(): void {
    this.#response.end();
  }

  /** Calls when the stream has ended, by the client or by us. */
  onEnd(listener: () => void): void {
    this.#response.once('close', listener);
  }
}
