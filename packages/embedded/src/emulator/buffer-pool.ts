/** Smaller ones are not worth keeping. */
const MIN_BYTES = 16 * 1024;
/** More than a batch of SQS takes, 1 MiB, as JSON of the usual kind. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_FREE = 4;

/**
 * Buffers to be used again, for requests and answers of some hundred KiB. New ones for each made V8 mark its whole heap after
 * every 64 MiB of them, which took a third of the emulator's time during an import.
 */
export class BufferPool {
  readonly #own = new WeakSet<ArrayBufferLike>();
  readonly #free: ArrayBufferLike[] = [];

  /** A buffer of this length, with whatever is in it. */
  take(length: number): Buffer {
    if (length < MIN_BYTES || length > MAX_BYTES) return Buffer.allocUnsafe(length);
    const index = this.#free.findIndex((free) => free.byteLength >= length);
    const [free] = index < 0 ? [] : this.#free.splice(index, 1);
    const memory = free ?? Buffer.allocUnsafeSlow(length).buffer;
    this.#own.add(memory);
    return Buffer.from(memory, 0, length);
  }

  /** Nobody uses this buffer, which was taken, or any part of it, any more. */
  giveBack({ buffer: memory }: Buffer): void {
    if (!this.#own.delete(memory)) return;
    this.#free.push(memory);
    this.#free.sort((one, other) => one.byteLength - other.byteLength);
    // The smallest: whatever fits into it fits into the others.
    if (this.#free.length > MAX_FREE) this.#free.shift();
  }
}
