import {
  APOSTROPHE,
  BACKSLASH,
  type Bounds,
  CR,
  type Delimiter,
  type Encoding,
  LF,
  QUOTE,
  type Quoting,
  SPACE,
  TAB,
} from './dialect.ts';
import { endsInsideCharacter, hidesAscii } from './encoding/trail-bytes.ts';
import { isLongField, mayHideFromCsvParse } from './fields.ts';
import { type Frontier, Trail } from './trail.ts';
import type { Units } from './units.ts';

// What a walk returns instead of an index: more units are needed, or the record is broken.
export const MORE = -1;
export const BROKEN = -2;
/** A quoted field met the trail of an earlier walk. */
const JUMPED = -3;

/** A part of the input. `base`: where it begins in the input, in units. `final`: nothing comes after it. */
export interface Window {
  units: Units;
  base: number;
  final: boolean;
}

/**
 * Walks over one record from its start to its line end, by the rules of {@link RecordScanner}. Indices are into the window;
 * trails count from the beginning of the input.
 */
export class RecordWalk {
  /** Whether the record has line ends in it. */
  multiline = false;
  /** See {@link RecordScanner.plain}. */
  plain = false;
  /** See {@link RecordScanner.irregular}. */
  irregular = false;
  /** See {@link RecordScanner.overBound}. */
  overBound = false;
  /** See {@link RecordScanner.dependsOnEncoding}. */
  dependsOnEncoding = false;

  readonly delimiter: number;
  /** The second kind of space beside SPACE: the tab, unless it is the delimiter. */
  readonly tab: number;
  readonly quote: number;
  /** Whether a backslash before a quote makes it a character. */
  readonly #escapes: boolean;
  readonly #bounds: Bounds;

  #units: Units = new Uint8Array(0);
  #length = 0;
  #base = 0;
  #final = false;

  #walked = new Trail();
  /** The trail of the broken walk that went furthest. */
  #known = new Trail();
  /** Whether this walk has met #known and goes on as that one. */
  #follows = false;
  #jump: { at: number; floor: number } = { at: 0, floor: 0 };

  readonly #encoding: Encoding;

  constructor(delimiter: Delimiter, bounds: Bounds, quoting: Quoting, encoding: Encoding) {
    this.#encoding = encoding;
    this.delimiter = delimiter.charCodeAt(0);
    this.tab = delimiter === '\t' ? SPACE : TAB;
    this.quote = quoting === 'single' ? APOSTROPHE : QUOTE;
    this.#escapes = quoting === 'backslash';
    this.#bounds = bounds;
  }

  load({ units, base, final }: Window): void {
    this.#units = units;
    this.#length = units.length;
    this.#base = base;
    this.#final = final;
  }

  /** Walks the record that begins at `start` up to its line end, whose index it returns; or MORE or BROKEN. */
  walk(start: number): number {
    const units = this.#units;
    const delimiter = this.delimiter;
    const tab = this.tab;
    const quote = this.quote;
    const { maxField, maxRecord } = this.#bounds;
    const bound = start + maxRecord + 1;
    const stop = Math.min(this.#length, bound);
    this.plain = true;
    this.irregular = false;
    this.multiline = false;
    this.#follows = false;
    this.#walked.clear();
    let floor = start;
    let i = start;
    for (;;) {
      let unit = 0;
      // The loop in which a scan spends its time. Letters, digits and delimiters fail the first comparison.
      while (i < stop) {
        unit = units[i] ?? 0;
        if (unit <= quote && (unit === LF || unit === quote || unit === CR)) break;
        i++;
      }
      if (i === bound) return this.#brokenAt({ where: 'outside', at: this.#base + i, floor: this.#base + floor });
      if (i === stop && !this.#final) return MORE;
      const ends = i === stop || unit !== quote;
      let textEnd = i;
      if (!ends) {
        this.plain = false;
        while (textEnd > floor && (units[textEnd - 1] === SPACE || units[textEnd - 1] === tab)) textEnd--;
        const before = units[textEnd - 1] ?? 0;
        if (textEnd > floor && (before !== delimiter || this.#isInsideCharacter(floor, textEnd))) {
          // In an encoding of two bytes a character, the first of them tells white space.
          if (mayHideFromCsvParse(before) || mayHideFromCsvParse(units[textEnd - 2] ?? 0)) this.irregular = true;
          i++;
          continue;
        }
      }
      if (textEnd - floor > maxField && isLongField(units, floor, textEnd, delimiter, maxField)) {
        return this.#brokenAt({ where: 'dead', at: this.#base + i });
      }
      if (ends) return i;
      const end = this.#walkQuoted(start, i);
      if (end === MORE || end === BROKEN) return end;
      if (end === JUMPED) {
        i = this.#jump.at;
        floor = this.#jump.floor;
      } else if (end === this.#length || units[end] !== delimiter) {
        return end;
      } else {
        i = end + 1;
        floor = i;
      }
    }
  }

  /**
   * Walks the quoted field that opens at `opening` in the record that begins at `start`. Returns the index of the delimiter
   * or line end after it, or the length of the input; or MORE, BROKEN, or JUMPED when it met a trail and `#jump` says
   * where the walk goes on outside quotes.
   */
  #walkQuoted(start: number, opening: number): number {
    const units = this.#units;
    const length = this.#length;
    const tab = this.tab;
    const quote = this.quote;
    const { maxField, maxRecord } = this.#bounds;
    let open = opening;
    let bound = Math.min(start + maxRecord, open + maxField) + 1;
    let stop = Math.min(length, bound);
    let i = open + 1;
    // A quote that an earlier walk left undecided, and up to where only spaces follow it.
    let undecided = -1;
    let spacesTo = 0;
    let mayMeet = this.#base + start < this.#known.frontier.at;
    for (;;) {
      // Between the two quotes of a pair the walks may be out of step: one pairs the first with the second, one the second
      // with a third.
      if (mayMeet && !(units[i - 1] === quote && units[i] === quote)) {
        const { frontier } = this.#known;
        const position = this.#base + i;
        const end = this.#known.endOfField(position) - this.#base;
        if (end >= i) {
          if (end >= bound) return this.#broken(true);
          // The rest of this walk is the other one's, and how it went is not known in detail: assume the worst of it.
          this.#follows = true;
          this.#known.backToFrontier();
          this.multiline = true;
          this.irregular = true;
          if (frontier.where === 'dead') return this.#broken(true);
          if (frontier.where === 'outside') {
            this.#jump = { at: frontier.at - this.#base, floor: frontier.floor - this.#base };
            return JUMPED;
          }
          open = frontier.open - this.#base;
          bound = Math.min(start + maxRecord, open + maxField) + 1;
          stop = Math.min(length, bound);
        }
        if (frontier.where === 'inside' && (end >= i || (position > frontier.open && position <= frontier.at))) {
          this.multiline = true;
          this.irregular = true;
          i = frontier.at - this.#base;
          undecided = i;
          spacesTo = frontier.spacesTo - this.#base;
          mayMeet = false;
        } else if (position >= frontier.at) mayMeet = false;
      }
      while (i < stop) {
        const unit = units[i] ?? 0;
        if (unit <= quote) {
          if (unit === quote) break;
          if (unit === LF || unit === CR) this.multiline = true;
        }
        i++;
      }
      if (i >= stop) {
        if (bound > length && !this.#final) return MORE;
        return this.#brokenAt(
          { where: 'inside', at: this.#base + i, open: this.#base + open, spacesTo: 0 },
          bound <= length,
        );
      }
      if (this.#escapes && this.#isEscaped(i, open)) {
        i++;
        continue;
      }
      if (i + 1 < length && units[i + 1] === quote) {
        i += 2;
        continue;
      }
      let after = i === undecided ? Math.max(spacesTo, i + 1) : i + 1;
      while (after < stop && (units[after] === SPACE || units[after] === tab)) after++;
      if (after >= stop && bound <= length) {
        const base = this.#base;
        return this.#brokenAt({ where: 'inside', at: base + i, open: base + open, spacesTo: base + after });
      }
      if (after >= stop && !this.#final) return MORE;
      const unit = units[after];
      if (after >= stop || unit === this.delimiter || unit === LF || unit === CR) {
        (this.#follows ? this.#known : this.#walked).add(this.#base + open + 1, this.#base + i, this.#base + after);
        return after;
      }
      this.irregular = true;
      i = after;
    }
  }

  /** Whether the quote at `i`, in the field opened at `open`, has an odd number of backslashes before it. */
  #isEscaped(i: number, open: number): boolean {
    let first = i;
    while (first - 1 > open && this.#units[first - 1] === BACKSLASH) first--;
    if (first < i && this.#isInsideCharacter(open, first + 1)) first++;
    return (i - first) % 2 === 1;
  }

  /** Whether the unit before `to`, which looks like ASCII, is the later part of a character that begins after `from`. */
  #isInsideCharacter(from: number, to: number): boolean {
    if (to - 2 < from || (this.#units[to - 2] ?? 0) < 0x80 || (this.#units[to - 1] ?? 0) < 0x40) return false;
    this.dependsOnEncoding = true;
    return hidesAscii(this.#encoding) && endsInsideCharacter(this.#units, from, to, this.#encoding);
  }

  /** Ends the walk as broken, and keeps what it found if that reaches further than what was known. */
  #brokenAt(frontier: Frontier, overBound = true): typeof BROKEN {
    if (frontier.at >= this.#known.frontier.at) {
      if (!this.#follows) [this.#known, this.#walked] = [this.#walked, this.#known];
      this.#known.settle(frontier);
    }
    return this.#broken(overBound);
  }

  /** Ends the walk as broken without having learned anything. */
  #broken(overBound: boolean): typeof BROKEN {
    this.overBound = overBound;
    return BROKEN;
  }
}
