import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detachBuffer } from '@rowferry/runtime';

/** Readable by this process's user only: it holds personal data. */
const OWN_MODE = 0o600;

const CHUNK_BYTES = 256 * 1024;

/**
 * Bytes put aside on disk, to be read more than once: how a file is encoded is known only at its end. The file has no
 * name, so the operating system takes it away with this process, however that ends.
 */
export class SpooledFile {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /**
   * @param source its chunks are used up: nobody can read them afterwards.
   * @throws what `source` throws, or the disk; nothing is left then.
   */
  static async receive(source: AsyncIterable<Uint8Array>): Promise<SpooledFile> {
    const path = join(tmpdir(), `rowferry-spool-${randomUUID()}`);
    const handle = await open(path, 'wx+', OWN_MODE);
    try {
      await unlink(path);
      for await (const chunk of source) {
        await handle.appendFile(chunk);
        detachBuffer(chunk);
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new SpooledFile(handle);
  }

  /** All of it, from the beginning. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { size } = await this.#handle.stat();
    for (let start = 0; start < size; start += CHUNK_BYTES) {
      yield await this.read({ start, end: Math.min(size, start + CHUNK_BYTES) });
    }
  }

  async read({ start, end }: { start: number; end: number }): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    for (let filled = 0; filled < bytes.byteLength; ) {
      const { bytesRead } = await this.#handle.read(bytes, filled, bytes.byteLength - filled, start + filled);
      if (bytesRead === 0) throw new Error(`the file ends before byte ${end}`);
      filled += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
