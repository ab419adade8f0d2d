import type { IncomingMessage } from 'node:http';
import type { BufferPool } from './buffer-pool.ts';

/** A batch of SQS takes 1 MiB of messages (SendMessageBatch in the SQS API reference), and JSON may escape each character. */
const MAX_QUEUE_REQUEST_BYTES = 8 * 1024 * 1024;

/** The bodies of requests to SQS and SNS, which have to be whole before their signature can be checked. */
export class RequestBodies {
  readonly #pool: BufferPool;
  readonly #read = new WeakMap<IncomingMessage, Buffer>();

  constructor(pool: BufferPool) {
    this.#pool = pool;
  }

  /** Reads a body. Undefined when it is longer than any request to SQS or SNS. */
  async read(request: IncomingMessage, payload: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
    const announced = Number(request.headers['content-length']);
    const body =
      announced <= MAX_QUEUE_REQUEST_BYTES ? await this.#fill(announced, payload) : await concatenate(payload);
    if (body !== undefined) this.#read.set(request, body);
    return body;
  }

  /** The body of a request, which was read. */
  of(request: IncomingMessage): Buffer | undefined {
    return this.#read.get(request);
  }

  /** Nobody needs the body any more. */
  giveBack(request: IncomingMessage): void {
    const body = this.#read.get(request);
    if (body !== undefined) this.#pool.giveBack(body);
    this.#read.delete(request);
  }

  /** Node gives no more bytes than were announced, and an error where there are fewer. */
  async #fill(length: number, payload: AsyncIterable<Buffer>): Promise<Buffer> {
    const body = this.#pool.take(length);
    let filled = 0;
    for await (const chunk of payload) {
      body.set(chunk, filled);
      filled += chunk.length;
    }
    return body.subarray(0, filled);
  }
}

async function concatenate(payload: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    size += chunk.length;
    if (size > MAX_QUEUE_REQUEST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
