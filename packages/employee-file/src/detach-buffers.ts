import { detachBuffer } from '@rowferry/runtime';

/**
 * Passes the chunks of a stream on, and frees the memory of each once the next is asked for. For chunks that nobody else
 * holds, and a reader that keeps no view of them.
 *
 * @param kept stays as it is, and so does everything that shares its memory.
 */
export async function* detachBuffers(
  chunks: AsyncIterable<Uint8Array>,
  kept: Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    yield chunk;
    if (chunk.buffer !== kept.buffer) detachBuffer(chunk);
  }
}
