import { BOUNDS, type Bounds, type Delimiter, type Encoding, LF, type Quoting } from './dialect.ts';
import { isBlank, isBlankLine } from './fields.ts';
import { LineWalk } from './line-walk.ts';
import { BROKEN, MORE, RecordWalk } from './record-walk.ts';
import { countLineEnds, findLineEnd, type Units } from './units.ts';

/**
 * What `next` found: a record; a line without content; a record that is broken; that the rest of the window does not hold
 * a whole record (`load` more); or the end of the input.
 */
export type Step = 'record' | 'blank' | 'broken' | 'more' | 'end';

/** Steps between two looks at the clock: none takes more than a millisecond, most some hundred nanoseconds. */
export const STEPS_PER_LOOK = 64;

/**
 * Finds where records begin and end: the one state machine that splitter and parser share, so that they cannot disagree.
 *
 * The rules (RFC 4180 where it speaks, what spreadsheets write where it does not):
 * - CRLF, LF and CR each end a line, mixed as they come; outside quotes the line end ends the record.
 * - A quote opens a quoted field at the field's start, or after nothing but spaces and tabs there; elsewhere it is a character.
 * - In a quoted field `""` is a quote; a quote closes the field when a delimiter, a line end or the end of the input
 *   follows, directly or after spaces and tabs; any other quote is a character and the field stays quoted.
 * - In a file of another {@link Quoting} other quotes, or other escapes, take their place.
 * - A record whose every field is empty (`,,,`, `"",""`, spaces) is blank: the rows below the data in a spreadsheet.
 * - A record with a field or of a length over the bounds, or with a quote open at the end of the input, is broken: it then
 *   is its first physical line only, and the next record begins on the line after. {@link Trail} keeps that linear.
 *
 * Input comes in windows of units. Give all units from `position` on again with the next window. Nothing depends on where
 * windows end; a window need never be longer than the longest record and a little.
 */
export class RecordScanner {
  /** The record of the last step, in units from the beginning of the input: from `start` up to and including its line end. */
  start = 0;
  end = 0;
  /** The physical line on which it starts. */
  line = 0;

  /** Whether the record ends where the input ends within a character: what is missing of it nobody knows. */
  isCut = false;

  readonly #walk: RecordWalk | LineWalk;
  readonly #isBlank: typeof isBlank;
  #units: Units = new Uint8Array(0);
  #length = 0;
  #base = 0;
  #final = false;
  #endsWithinCharacter = false;
  #at = 0;
  #nextLine: number;
  /** In a broken record whose first line does not end in the window. */
  #skipping = false;

  /** `encoding`: as far as it is known; only where {@link dependsOnEncoding} says so does it matter. */
  constructor(
    delimiter: Delimiter,
    firstLine: number,
    bounds: Bounds = BOUNDS,
    quoting: Quoting = 'double',
    encoding: Encoding = 'utf-8',
  ) {
    this.#walk =
      quoting === 'typographic'
        ? new LineWalk(delimiter, bounds)
        : new RecordWalk(delimiter, bounds, quoting, encoding);
    this.#isBlank = quoting === 'whole-line' ? isBlankLine : isBlank;
    this.#nextLine = firstLine;
  }

  /** Whether there is no quote in the record: it is the text between its delimiters. */
  get plain(): boolean {
    return this.#walk.plain;
  }

  /** Whether csv-parse may see other fields in the record than these rules do: `repairRecord` first. */
  get irregular(): boolean {
    return this.#walk.irregular;
  }

  /** For a broken record: whether a bound was passed, rather than the end of the input reached with a quote open. */
  get overBound(): boolean {
    return this.#walk.overBound;
  }

  /** Whether records would have been others in an encoding that hides ASCII in characters, or in one that does not. */
  get dependsOnEncoding(): boolean {
    return this.#walk.dependsOnEncoding;
  }

  /** Where the next record begins, in units from the beginning of the input. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** The physical line on which the next record begins. */
  get nextLine(): number {
    return this.#nextLine;
  }

  /** Gives the units from `position` on; `final`: nothing comes after them, or no more than a part of a character. */
  load(units: Units, final: boolean, endsWithinCharacter = false): void {
    this.#base = this.position;
    this.#at = 0;
    this.#units = units;
    this.#length = units.length;
    this.#final = final;
    this.#endsWithinCharacter = endsWithinCharacter;
    this.#walk.load({ units, base: this.#base, final });
  }

  next(): Step {
    if (this.#skipping) return this.#finishBroken();
    const start = this.#at;
    if (start >= this.#length) return this.#final ? 'end' : 'more';
    const walk = this.#walk;
    const stop = walk.walk(start);
    if (stop === MORE) return 'more';
    this.start = this.#base + start;
    this.line = this.#nextLine;
    this.isCut = false;
    if (stop === BROKEN) return this.#finishBroken();
    const end = this.#afterLineEnd(stop);
    if (end === MORE) return 'more';
    this.#nextLine += walk.multiline ? countLineEnds(this.#units, start, stop) + 1 : 1;
    this.#at = end;
    this.end = this.#base + end;
    this.isCut = this.#endsWithinCharacter && stop === this.#length;
    return !this.isCut && this.#isBlank(this.#units, start, stop, walk) ? 'blank' : 'record';
  }

  /** Leaves the broken record at the end of its first line. */
  #finishBroken(): Step {
    const stop = findLineEnd(this.#units, this.#at, this.#length);
    const end = stop === this.#length && !this.#final ? MORE : this.#afterLineEnd(stop);
    this.#skipping = end === MORE;
    this.#at = this.#skipping ? stop : end;
    if (this.#skipping) return 'more';
    this.end = this.#base + end;
    this.#nextLine++;
    return 'broken';
  }

  /** The index after the line end at `stop`, or MORE if that may be half of a CRLF. */
  #afterLineEnd(stop: number): number {
    if (stop === this.#length) return stop;
    if (this.#units[stop] === LF) return stop + 1;
    if (stop + 1 === this.#length && !this.#final) return MORE;
    return this.#units[stop + 1] === LF ? stop + 2 : stop + 1;
  }
}
