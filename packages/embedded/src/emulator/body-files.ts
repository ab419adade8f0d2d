import { closeSync, fdatasyncSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from './sync-directory.ts';

/** Where a body stands. */
export type BodyPlace = { readonly file: number; readonly offset: number; readonly length: number };

type BodyFile = { readonly number: number; readonly descriptor: number; size: number; live: number };

const MIB = 1024 * 1024;
/** A file is removed when none of its bodies is needed any more, a small one sooner than a large one. */
const FILE_BYTES = 32 * MIB;

/**
 * Bodies of messages, each written once, at the end of a file. As values of SQLite they were written to its log, copied into
 * the database by the next checkpoint, and their pages were written again when they were deleted.
 *
 * Rows of the database name the bodies that are needed. A file that no row names is removed.
 */
export class BodyFiles {
  readonly #directory: string;
  readonly #durable: boolean;
  readonly #fileBytes: number;
  readonly #files = new Map<number, BodyFile>();
  /** Without a needed body, and not written to any more. */
  #emptied: number[] = [];
  #current: BodyFile | undefined;
  #lastNumber: number;
  #isUnsynced = false;

  /**
   * @param durable false spares the waiting for the disk
   * @param fileBytes after which a new file is begun
   */
  constructor(directory: string, durable: boolean, fileBytes = FILE_BYTES) {
    this.#directory = directory;
    this.#durable = durable;
    this.#fileBytes = fileBytes;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#lastNumber = Math.max(0, ...this.#numbersOnDisk());
  }

  append(body: Uint8Array): BodyPlace {
    const file = this.#fileToWrite();
    const place = { file: file.number, offset: file.size, length: body.length };
    for (let written = 0; written < body.length; )
      written += writeSync(file.descriptor, body, written, body.length - written, file.size + written);
    file.size += body.length;
    file.live += 1;
    this.#isUnsynced = true;
    return place;
  }

  /** Reads a body into `target`, from byte `at` of it on. @returns its length */
  read({ file, offset, length }: BodyPlace, target: Uint8Array, at: number): number {
    const { descriptor } = this.#open(file);
    for (let read = 0; read < length; ) {
      const bytes = readSync(descriptor, target, at + read, length - read, offset + read);
      if (bytes === 0) throw new Error(`${this.#path(file)} ends before byte ${offset + length}, where a body ends`);
      read += bytes;
    }
    return length;
  }

  /** A row of the database names this body. To be said of all that were there at the start, before `removeUnused`. */
  keep({ file }: BodyPlace): void {
    this.#open(file).live += 1;
  }

  /** The body is not needed any more. */
  release({ file }: BodyPlace): void {
    const open = this.#open(file);
    open.live -= 1;
    if (open.live === 0 && open !== this.#current) this.#emptied.push(file);
  }

  /** The files that may be removed since the last call, once it is on disk that no row names them. */
  takeEmptied(): readonly number[] {
    const emptied = this.#emptied;
    if (emptied.length > 0) this.#emptied = [];
    return emptied;
  }

  remove(file: number): void {
    const open = this.#files.get(file);
    if (open !== undefined) closeSync(open.descriptor);
    this.#files.delete(file);
    rmSync(this.#path(file), { force: true });
  }

  /** Removes the files of before this start of which nothing was kept. */
  removeUnused(): void {
    for (const file of this.#numbersOnDisk()) if (!this.#files.has(file)) this.remove(file);
  }

  /** Returns when everything that was appended is on disk. */
  sync(): void {
    if (this.#durable && this.#isUnsynced && this.#current !== undefined) fdatasyncSync(this.#current.descriptor);
    this.#isUnsynced = false;
  }

  close(): void {
    for (const { descriptor } of this.#files.values()) closeSync(descriptor);
    this.#files.clear();
    this.#current = undefined;
  }

  #fileToWrite(): BodyFile {
    const last = this.#current;
    if (last !== undefined && last.size < this.#fileBytes) return last;
    this.sync();
    this.#lastNumber += 1;
    this.#current = this.#add(this.#lastNumber, 'wx+');
    if (this.#durable) syncDirectory(this.#directory);
    if (last?.live === 0) this.#emptied.push(last.number);
    return this.#current;
  }

  /** Of before this start: only read. */
  #open(number: number): BodyFile {
    return this.#files.get(number) ?? this.#add(number, 'r');
  }

  #add(number: number, flags: 'r' | 'wx+'): BodyFile {
    const file = { number, descriptor: openSync(this.#path(number), flags, 0o600), size: 0, live: 0 };
    this.#files.set(number, file);
    return file;
  }

  #numbersOnDisk(): number[] {
    return readdirSync(this.#directory)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  }

  #path(file: number): string {
    return join(this.#directory, String(file));
  }
}
