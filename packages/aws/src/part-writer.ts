import { Writable } from 'node:stream';
import { detachBuffer } from '@rowferry/runtime';
import { PartBuffer } from './part-buffer.ts';

export type PartOptions = {
  partBytes: number;
  /** Parts that are sent at a time. */
  inFlight: number;
  /** Told of each chunk as it is taken. */
  onChunk: (chunk: Uint8Array) => void;
  /**
   * Sends a part.
   *
   * @returns whether nobody reads its bytes any more: if not, their buffer is left to the garbage collector.
   * @throws what makes the whole file fail.
   */
  send: (bytes: Uint8Array, partNumber: number) => Promise<boolean>;
};

/**
 * Cuts what is written into parts and sends each once there is more than it; what is left at the end is `rest`.
 *
 * The parts lie in `inFlight + 1` buffers that are filled again and again. As chunks, or in a new buffer each, they would
 * wait outside of V8's heap for a garbage collection that has no reason to come: some 50 MiB of RSS.
 */
export class PartWriter extends Writable {
  readonly #options: PartOptions;
  readonly #sending = new Set<Promise<void>>();
  readonly #free: PartBuffer[] = [];
  #filling: PartBuffer;
  #parts = 0;

  constructor(options: PartOptions) {
    super();
    this.#options = options;
    this.#filling = new PartBuffer(options.partBytes);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#options.onChunk(chunk);
    this.#take(chunk).then(() => done(), done);
  }

  /** What was written last, and not sent: a part or less of it. Empty only if nothing was written at all. */
  get rest(): Uint8Array {
    return this.#filling.bytes;
  }

  /** Sends `rest` as the last part, and resolves when every part is sent. @throws what the first that failed did so with. */
  async sendRest(): Promise<void> {
    await this.#sendFilling();
    await Promise.all(this.#sending);
  }

  /** Frees the memory of parts that are sent. */
  free(): void {
    for (const buffer of this.#free.splice(0)) buffer.free();
  }

  /** Resolves when no part is on its way any more, whether it arrived or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#sending);
  }

  async #take(chunk: Uint8Array): Promise<void> {
    for (let taken = 0; taken < chunk.byteLength; ) {
      if (this.#filling.isFull) await this.#sendFilling();
      taken += this.#filling.append(chunk.subarray(taken));
    }
    detachBuffer(chunk);
  }

  async #sendFilling(): Promise<void> {
    while (this.#sending.size >= this.#options.inFlight) await Promise.race(this.#sending);
    if (this.destroyed) throw this.errored ?? new Error('the file was abandoned');
    const full = this.#filling;
    this.#parts += 1;
    const sending = this.#options.send(full.bytes, this.#parts).then((isReusable) => {
      this.#sending.delete(sending);
      if (!isReusable) return;
      full.clear();
      this.#free.push(full);
    });
    this.#sending.add(sending);
    // Also while nothing is written that could hear of it.
    sending.catch((error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))));
    this.#filling = this.#free.pop() ?? new PartBuffer(this.#options.partBytes);
  }
}
