import { TimeSlice } from '@rowferry/runtime';
import type { CsvFormat } from './detect.ts';
import { BOUNDS, type Bounds, type Encoding, LINE_BYTES, type Quoting, SEGMENT_BYTES } from './dialect.ts';
import { EncodingEvidence, type EncodingGuess } from './encoding/evidence.ts';
import { hidesAscii } from './encoding/trail-bytes.ts';
import { RecordScanner, STEPS_PER_LOOK } from './scanner.ts';
import { endsWithinCharacter, needsSwap, swapBytes, type Units, unitBytes } from './units.ts';

/**
 * A piece of a file that can be read on its own: it begins with a record and ends after one, or within a line that is too
 * long for a record and that nothing more is read of.
 * `start`, `end`: byte offsets in the object, half open. `firstLine`: the physical line, from 1, on which it starts; every
 * line end counts, those inside quotes too, and so do the `sep=` line and the header. `records`: how many are in it.
 */
export interface Segment {
  index: number;
  start: number;
  end: number;
  firstLine: number;
  records: number;
}

export interface SplitResult {
  /** In file order. In none of them are blank lines between two of them, and what lies beyond LINE_BYTES of a line. */
  segments: Segment[];
  encoding: Encoding;
  /** How the encoding was told, where it is neither Unicode nor stated. */
  guess?: EncodingGuess;
  /** All records, the header and the broken ones among them; blank lines not. */
  records: number;
  broken: number;
  /** Physical lines, begun ones included. */
  lines: number;
  bytes: number;
}

/** What must be known of a file before it is split. */
export type SplitFormat = Pick<CsvFormat, 'encoding' | 'bom' | 'delimiter' | 'dataOffset' | 'firstLine'> & {
  isEncodingStated?: boolean;
  quoting?: Quoting;
};

/** For tests only: the sizes are constants of the format, so that a retry cuts the same. */
export interface SplitOptions {
  segmentBytes?: number;
  bounds?: Bounds;
  lineBytes?: number;
  blockBytes?: number;
}

/**
 * How much is read before the scanner runs over it. A record that does not fit is scanned again with the next block, so it
 * should be some times the longest record; with this one it is the greater part of the memory that a split takes.
 */
const BLOCK_BYTES = 1024 * 1024;

/** Lines over ASCII that are a smaller part of a file may be damaged in an ASCII file; more are text in some encoding. */
const DAMAGED_SHARE = 0.01;

/**
 * Reads a whole object once and says where to cut it. `chunks`: its bytes from offset 0 on, in any sizes. Segments are about
 * SEGMENT_BYTES long, and never longer than that and LINE_BYTES: the first record that begins at or after SEGMENT_BYTES
 * begins the next. The result does not depend on the sizes of the chunks, of which none is held once the next is asked for.
 * Memory: one block and one chunk. It lets the event loop run every few milliseconds, whatever is in the file.
 * Throws what `chunks` throws, and nothing else.
 */
export async function splitObject(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  format: SplitFormat,
  options: SplitOptions = {},
): Promise<SplitResult> {
  const splitter = new Splitter(format, options);
  for await (const chunk of chunks) await splitter.add(chunk);
  return splitter.finish();
}

class Splitter {
  readonly #format: Pick<CsvFormat, 'encoding' | 'dataOffset' | 'firstLine'>;
  readonly #segmentBytes: number;
  readonly #lineBytes: number;
  readonly #scanner: RecordScanner;
  readonly #evidence: EncodingEvidence | undefined;
  readonly #swap: boolean;
  readonly #width: 1 | 2;

  /** Bytes from the scanner's position on, of which `#filled` are there. */
  #block: Uint8Array;
  #filled = 0;
  /** How many bytes at the block's beginning are in the machine's order already. */
  #swapped = 0;
  /** And how many were looked at for their encoding. */
  #examined = 0;
  #toSkip: number;
  #bytes = 0;

  readonly #slice = new TimeSlice();
  readonly #segments: Segment[] = [];
  /** Whether the last segment ends within a line. */
  #isCutShort = false;
  #records = 0;
  #broken = 0;

  constructor(format: SplitFormat, options: SplitOptions) {
    const { segmentBytes = SEGMENT_BYTES, bounds = BOUNDS, lineBytes = LINE_BYTES, blockBytes = BLOCK_BYTES } = options;
    this.#format = format;
    this.#segmentBytes = segmentBytes;
    this.#lineBytes = lineBytes;
    this.#scanner = new RecordScanner(format.delimiter, format.firstLine, bounds, format.quoting, format.encoding);
    // A byte order mark decides, whatever else is damaged; and so does who knows the file.
    const isKnown = format.bom || format.isEncodingStated || unitBytes(format.encoding) === 2;
    this.#evidence = isKnown ? undefined : new EncodingEvidence();
    this.#swap = needsSwap(format.encoding);
    this.#width = unitBytes(format.encoding);
    this.#block = new Uint8Array(blockBytes + (blockBytes % 2));
    this.#toSkip = format.dataOffset;
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.byteLength;
    const skipped = Math.min(this.#toSkip, chunk.byteLength);
    this.#toSkip -= skipped;
    for (let at = skipped; at < chunk.byteLength; ) {
      const taken = Math.min(chunk.byteLength - at, this.#block.byteLength - this.#filled);
      this.#block.set(chunk.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === this.#block.byteLength) await this.#scan();
    }
  }

  async finish(): Promise<SplitResult> {
    this.#examine();
    const guess = this.#unlessDamaged(await this.#evidence?.guess());
    const encoding = guess?.encoding ?? (this.#evidence === undefined ? this.#format.encoding : 'utf-8');
    await this.#scan(encoding);
    const isTooLate = this.#scanner.dependsOnEncoding && encoding !== this.#format.encoding;
    return {
      segments: this.#segments,
      encoding,
      ...(guess !== undefined && { guess: isTooLate ? this.#withDoubt(guess) : guess }),
      records: this.#records,
      broken: this.#broken,
      lines: this.#scanner.nextLine - 1,
      bytes: this.#bytes,
    };
  }

  /** A few lines of which nobody knows what they say are damaged: they are rejected by themselves, in UTF-8. */
  #unlessDamaged(guess: EncodingGuess | undefined): EncodingGuess | undefined {
    if (guess === undefined || guess.isSure) return guess;
    return guess.linesBytes <= this.#bytes * DAMAGED_SHARE ? undefined : guess;
  }

  /** The records were told apart by what the beginning of the file looked like, and that was wrong. */
  #withDoubt(guess: EncodingGuess): EncodingGuess {
    const matters = hidesAscii(guess.encoding) || hidesAscii(this.#format.encoding);
    return { ...guess, isSure: guess.isSure && !matters };
  }

  /** The evidence gets the bytes in pieces that do not depend on the chunks. */
  #examine(): void {
    this.#evidence?.add(this.#block.subarray(this.#examined, this.#filled));
    this.#examined = this.#filled;
  }

  /** Scans what is in the block, and moves what is left of it to the front. `encoding`: known when nothing comes after. */
  async #scan(encoding?: Encoding): Promise<void> {
    const scanner = this.#scanner;
    const base = scanner.position;
    this.#examine();
    const units = this.#units();
    const isLast = encoding !== undefined;
    scanner.load(units, isLast, isLast && endsWithinCharacter(units, encoding, this.#filled));
    let steps = 0;
    for (let step = scanner.next(); step !== 'more' && step !== 'end'; step = scanner.next()) {
      if (++steps % STEPS_PER_LOOK === 0 && this.#slice.isOver) await this.#slice.next();
      if (step === 'blank') continue;
      this.#records++;
      if (step === 'broken' || scanner.isCut) this.#broken++;
      // What is cut off goes on behind the last whole unit.
      this.#place(scanner, scanner.isCut ? this.#bytes : this.#format.dataOffset + scanner.end * this.#width);
    }
    const used = (scanner.position - base) * this.#width;
    this.#block.copyWithin(0, used, this.#filled);
    this.#filled -= used;
    this.#swapped -= used;
    this.#examined -= used;
    if (this.#filled === this.#block.byteLength) this.#grow();
    if (this.#slice.isOver) await this.#slice.next();
  }

  /** Counts a record, which ends before byte `end`, into the segment at hand, or begins the next with it. */
  #place(record: { start: number; line: number }, end: number): void {
    const start = this.#format.dataOffset + record.start * this.#width;
    let segment = this.#segments.at(-1);
    if (segment === undefined || this.#isCutShort || start - segment.start >= this.#segmentBytes) {
      segment = { index: this.#segments.length, start, end, firstLine: record.line, records: 0 };
      this.#segments.push(segment);
    }
    segment.records++;
    segment.end = Math.min(end, start + this.#lineBytes);
    this.#isCutShort = segment.end < end;
  }

  #units(): Units {
    if (this.#width === 1) return this.#block.subarray(0, this.#filled);
    const even = this.#filled - (this.#filled % 2);
    if (this.#swap) swapBytes(this.#block.subarray(this.#swapped, even));
    this.#swapped = even;
    return new Uint16Array(this.#block.buffer, 0, even / 2);
  }

  /** Comes to pass only when a block is shorter than a record may be, which the real one is not. */
  #grow(): void {
    const block = new Uint8Array(this.#block.byteLength * 2);
    block.set(this.#block);
    this.#block = block;
  }
}
