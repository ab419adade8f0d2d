import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange } from './byte-range.ts';
import { syncDirectory } from './sync-directory.ts';

/** A file of the store, and how many bytes it holds. An object is the bytes of its segments, one after the other. */
export type Segment = { readonly file: string; readonly length: number };

/** A segment that was just written, with the MD5 of its bytes in hex, which S3 calls its ETag. */
export type WrittenSegment = Segment & { readonly md5: string };

/** Large enough that a 1 GiB object takes a thousand reads, small enough for many readers at once. */
const READ_BYTES = 1024 * 1024;

/**
 * Files that are written once, under names of their own, and never changed. A row in the database makes them part of an
 * object, only after they are whole and on disk; so a kill at any moment leaves files that nothing refers to, never half
 * an object, and those are removed at the next start. Keys are no file names here: a key may be `../x`, 1,024 bytes long,
 * or differ from another in case only.
 */
export class SegmentFiles {
  readonly #directory: string;
  readonly #durable: boolean;

  constructor(directory: string, durable: boolean) {
    this.#directory = directory;
    this.#durable = durable;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** Writes what `source` gives; on an error nothing stays. `onChunk` sees the bytes on their way. */
  async write(source: AsyncIterable<Buffer>, onChunk: (chunk: Buffer) => void): Promise<WrittenSegment> {
    const file = randomUUID();
    const md5 = createHash('md5');
    let length = 0;
    const handle = await open(this.#path(file), 'wx', 0o600);
    try {
      for await (const chunk of source) {
        md5.update(chunk);
        onChunk(chunk);
        length += chunk.length;
        await handle.writeFile(chunk);
      }
      if (this.#durable) await handle.datasync();
    } catch (error) {
      await rm(this.#path(file), { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    if (this.#durable) syncDirectory(this.#directory);
    return { file, length, md5: md5.digest('hex') };
  }

  /** The same for bytes that are in memory already. */
  writeNow(bytes: Buffer): Segment {
    const file = randomUUID();
    writeFileSync(this.#path(file), bytes, { mode: 0o600, flag: 'wx', flush: this.#durable });
    if (this.#durable) syncDirectory(this.#directory);
    return { file, length: bytes.length };
  }

  readNow(segments: readonly Segment[]): Buffer {
    return Buffer.concat(segments.map(({ file }) => readFileSync(this.#path(file))));
  }

  /** Reads one range of an object, from those segments only that it touches. */
  async *read(segments: readonly Segment[], range: ByteRange): AsyncGenerator<Buffer> {
    let offset = 0;
    for (const { file, length } of segments) {
      const start = Math.max(range.start - offset, 0);
      const end = Math.min(range.end - offset, length - 1);
      offset += length;
      if (start <= end) yield* createReadStream(this.#path(file), { start, end, highWaterMark: READ_BYTES });
    }
  }

  remove(segments: readonly Segment[]): void {
    for (const { file } of segments) rmSync(this.#path(file), { force: true });
  }

  /** Removes every file that is not in `referenced`: what a killed run left. */
  removeAllBut(referenced: ReadonlySet<string>): void {
    for (const file of readdirSync(this.#directory)) {
      if (!referenced.has(file)) rmSync(this.#path(file), { force: true });
    }
  }

  #path(file: string): string {
    return join(this.#directory, file);
  }
}
