export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export type Peeked = {
  /** The first bytes, fewer than asked for if there are no more. */
  head: Buffer;
  /** All bytes from the first on. A reader that stops before their end closes the source. */
  all: AsyncGenerator<Uint8Array>;
  /** Closes the source when `all` will not be read. */
  close(): Promise<void>;
};

/**
 * Looks at the first `size` bytes. Memory: these and one chunk. What `chunks` throws, this or reading on throws.
 */
export async function peek(chunks: Chunks, size: number): Promise<Peeked> {
  const source = iterate(chunks);
  const seen: Uint8Array[] = [];
  let length = 0;
  while (length < size) {
    const { value, done } = await source.next();
    if (done) break;
    seen.push(value);
    length += value.byteLength;
  }
  const first = Buffer.concat(seen);
  const close = async () => {
    await source.return(undefined);
  };
  return { head: first.subarray(0, size), all: resume(first, source), close };
}

async function* iterate(chunks: Chunks): AsyncGenerator<Uint8Array, undefined> {
  yield* chunks;
}

async function* resume(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    // For a reader that stops within the first chunk.
    await rest.return(undefined);
  }
}
