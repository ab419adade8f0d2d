/** Most files are small: their memory doubles until it is that of a whole part. */
const FIRST_BYTES = 64 * 1024;

/** The bytes of one part, in memory that grows with them and can be used again. */
export class PartBuffer {
  readonly #max: number;
  #memory: ArrayBuffer;
  #length = 0;

  constructor(maxBytes: number) {
    this.#max = maxBytes;
    this.#memory = new ArrayBuffer(Math.min(FIRST_BYTES, maxBytes));
  }

  get isFull(): boolean {
    return this.#length === this.#max;
  }

  /** A view, good until the next call. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#memory, 0, this.#length);
  }

  /** Copies as much of the chunk as there is room for. @returns how many bytes that was. */
  append(chunk: Uint8Array): number {
    const taken = Math.min(chunk.byteLength, this.#max - this.#length);
    this.#reserve(this.#length + taken);
    new Uint8Array(this.#memory).set(chunk.subarray(0, taken), this.#length);
    this.#length += taken;
    return taken;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Gives the memory back at once, which the garbage collector would do later: all views of it are empty from then on. */
  free(): void {
    this.#length = 0;
    this.#memory = this.#memory.transfer(0);
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#memory.byteLength) return;
    const doubled = Math.max(bytes, 2 * this.#memory.byteLength);
    this.#memory = this.#memory.transfer(Math.min(doubled, this.#max));
  }
}
