import { readByteOrder } from '../byte-order.ts';
import { CR, type Encoding, LF } from '../dialect.ts';
import { looksBinary, recogniseNotCsv } from '../not-csv.ts';
import { Utf8Tally } from '../utf8.ts';
import { type Guess, guessEncoding } from './guess.ts';

/** Bytes of lines that are kept to guess an encoding from: some thousand rows. */
const SAMPLE_BYTES = 256 * 1024;
/** Of one line so many bytes are kept. */
const LINE_BYTES = 4096;

/** A guess, and lines that were guessed from: those with a byte over ASCII; all such lines of the file have so many bytes. */
export type EncodingGuess = Guess & { lines: Uint8Array[]; linesBytes: number };

/**
 * What the bytes of a file say about its encoding: whether it is UTF-8, and if not, lines to guess from. These are the first
 * ones from where it turned out to be something else, and the first with each byte, however late it comes. Memory: SAMPLE_BYTES
 * and a little. What is found may depend on the pieces in which bytes are given, so the same file must be given in the same.
 */
export class EncodingEvidence {
  readonly #utf8 = new Utf8Tally();
  readonly #lines: Uint8Array[] = [];
  #kept = 0;
  #linesBytes = 0;
  readonly #isSeen = new Uint8Array(256);
  /** The line that the last piece ended in. */
  #begun: Uint8Array = new Uint8Array(0);
  #isWide = false;
  #hasNews = false;

  add(piece: Uint8Array): void {
    this.#utf8.add(piece);
    if (this.#utf8.hasErrors && !this.#utf8.isSettled) this.#collect(piece);
  }

  /** To ask when all pieces are in. */
  get isUtf8(): boolean {
    return this.#utf8.isUtf8;
  }

  /** Undefined: it is UTF-8. To ask when all pieces are in. */
  async guess(): Promise<EncodingGuess | undefined> {
    if (this.isUtf8) return undefined;
    const lines = this.#isWide ? [...this.#lines, this.#begun] : this.#lines;
    const linesBytes = this.#linesBytes + (this.#isWide ? this.#begun.byteLength : 0);
    const bytes = Array.from(this.#isSeen.keys()).filter((byte) => this.#isSeen[byte] === 1);
    return { ...(await guessEncoding(lines, bytes)), lines, linesBytes };
  }

  #collect(piece: Uint8Array): void {
    const begun = this.#begun;
    let start = 0;
    for (let i = 0; i < piece.byteLength; i++) {
      const byte = piece[i] ?? 0;
      if (byte >= 0x80) {
        this.#isWide = true;
        if (this.#isSeen[byte] === 0) this.#hasNews = true;
        this.#isSeen[byte] = 1;
      } else if (byte === LF || byte === CR) {
        if (this.#isWide) this.#linesBytes += i - start + (start === 0 ? begun.byteLength : 0);
        if (this.#isWide && (this.#hasNews || this.#kept < SAMPLE_BYTES))
          this.#keep(start === 0 ? joined(begun, piece.subarray(0, i)) : piece.subarray(start, i));
        start = i + 1;
        this.#isWide = false;
        this.#hasNews = false;
      }
    }
    this.#begun = joined(start === 0 ? begun : new Uint8Array(0), piece.subarray(start));
  }

  #keep(line: Uint8Array): void {
    const kept = Uint8Array.from(line.subarray(-LINE_BYTES));
    this.#lines.push(kept);
    this.#kept += kept.byteLength;
  }
}

function joined(begun: Uint8Array, rest: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat([begun, rest]).subarray(-LINE_BYTES));
}

/**
 * The encoding that the beginning of a file looks like. UTF-8 where that is not clear, or it is no text: its delimiters and
 * line ends are those of nearly all others.
 */
export async function likelyEncoding(beginning: Uint8Array): Promise<Encoding> {
  const evidence = new EncodingEvidence();
  evidence.add(beginning);
  if (evidence.isUtf8) return 'utf-8';
  // To guess takes milliseconds of text, and 150 ms of 64 KiB of random bytes.
  const { encoding, markBytes } = readByteOrder(beginning);
  if (encoding !== 'utf-8' || markBytes > 0) return encoding;
  if (recogniseNotCsv(beginning) !== undefined || looksBinary(beginning)) return 'utf-8';
  const guess = await evidence.guess();
  return guess?.isSure ? guess.encoding : 'utf-8';
}
