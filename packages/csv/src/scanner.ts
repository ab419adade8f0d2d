import { BOUNDS, type Bounds, CR, type Delimiter, LF, QUOTE, SPACE, TAB } from './dialect.ts';
import { isBlank, isLongField, mayHideFromCsvParse } from './fields.ts';
import { type Frontier, Trail } from './trail.ts';
import { countLineEnds, findLineEnd, type Units } from './units.ts';

/**
 * What `next` found: a record; a line without content; a record that is broken; that the rest of the window does not hold
 * a whole record (`load` more); or the end of the input.
 */
export type Step = 'record' | 'blank' | 'broken' | 'more' | 'end';

// What a walk comes back with instead of an index.
const MORE = -1;
const BROKEN = -2;
const JUMPED = -3;

/**
 * Finds where records begin and end: the one state machine that splitter and parser share, so that they cannot disagree.
 *
 * The rules (RFC 4180 where it speaks, what spreadsheets write where it does not):
 * - CRLF, LF and CR each end a line, mixed as they come; outside quotes the line end ends the record.
 * - A quote opens a quoted field at the field's start, or after nothing but spaces and tabs there; elsewhere it is a character.
 * - In a quoted field `""` is a quote; a quote closes the field when a delimiter, a line end or the end of the input
 *   follows, directly or after spaces and tabs; any other quote is a character and the field stays quoted.
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
  /** Whether csv-parse may see other fields in it than these rules do: `mend` first. */
  irregular = false;
  /** For a broken record: whether a bound was passed, rather than the end of the input reached with a quote open. */
  overBound = false;

  readonly #delimiter: number;
  /** The second kind of space beside SPACE: the tab, unless it is the delimiter. */
  readonly #tab: number;
  readonly #bounds: Bounds;

  // The window. Indices are into #units; trails and what is public count from the beginning of the input.
  #units: Units = new Uint8Array(0);
  #length = 0;
  #base = 0;
  #final = false;
  #at = 0;
  #nextLine: number;
  /** In a broken record whose first line does not end in the window. */
  #skipping = false;

  // The walk at hand.
  #multiline = false;
  #walked = new Trail();
  /** The trail of the broken walk that went furthest. */
  #known = new Trail();
  /** Whether this walk has met #known and goes on as that one. */
  #follows = false;
  #jump: { at: number; floor: number } = { at: 0, floor: 0 };

  constructor(delimiter: Delimiter, firstLine: number, bounds: Bounds = BOUNDS) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#tab = delimiter === '\t' ? SPACE : TAB;
    this.#bounds = bounds;
    this.#nextLine = firstLine;
  }

  /** Where the next record begins, in units from the beginning of the input. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** The physical line on which the next record begins. */
  get nextLine(): number {
    return this.#nextLine;
  }

  /** Gives the units from `position` on; `final`: nothing comes after them. */
  load(units: Units, final: boolean): void {
    this.#base = this.position;
    this.#at = 0;
    this.#units = units;
    this.#length = units.length;
    this.#final = final;
  }

  next(): Step {
    if (this.#skipping) return this.#finishBroken();
    const start = this.#at;
    if (start >= this.#length) return this.#final ? 'end' : 'more';
    const stop = this.#walk(start);
    if (stop === MORE) return 'more';
    this.start = this.#base + start;
    this.line = this.#nextLine;
    if (stop === BROKEN) return this.#finishBroken();
    const end = this.#afterLineEnd(stop);
    if (end === MORE) return 'more';
    this.#nextLine += this.#multiline ? countLineEnds(this.#units, start, stop) + 1 : 1;
    this.#at = end;
    this.end = this.#base + end;
    return isBlank(this.#units, start, stop, this.#delimiter, this.#tab) ? 'blank' : 'record';
  }

  /** Walks the record that begins at `start` up to its line end, whose index it returns; or MORE or BROKEN. */
  #walk(start: number): number {
    const units = this.#units;
    const delimiter = this.#delimiter;
    const tab = this.#tab;
    const { maxField, maxRecord } = this.#bounds;
    const bound = start + maxRecord + 1;
    const stop = Math.min(this.#length, bound);
    this.irregular = false;
    this.#multiline = false;
    this.#follows = false;
    this.#walked.clear();
    let floor = start;
    let i = start;
    for (;;) {
      let unit = 0;
      // The loop in which a scan spends its time. Letters, digits and delimiters fail the first comparison.
      while (i < stop) {
        unit = units[i] ?? 0;
        if (unit <= QUOTE && (unit === LF || unit === QUOTE || unit === CR)) break;
        i++;
      }
      if (i === bound) return this.#giveUp({ where: 'outside', at: this.#base + i, floor: this.#base + floor });
      if (i === stop && !this.#final) return MORE;
      const ends = i === stop || unit !== QUOTE;
      let textEnd = i;
      if (!ends) {
        while (textEnd > floor && (units[textEnd - 1] === SPACE || units[textEnd - 1] === tab)) textEnd--;
        const before = units[textEnd - 1] ?? 0;
        if (textEnd > floor && before !== delimiter) {
          if (mayHideFromCsvParse(before)) this.irregular = true;
          i++;
          continue;
        }
      }
      if (textEnd - floor > maxField && isLongField(units, floor, textEnd, delimiter, maxField)) {
        return this.#giveUp({ where: 'dead', at: this.#base + i });
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
    const tab = this.#tab;
    const { maxField, maxRecord } = this.#bounds;
    let open = opening;
    let bound = Math.min(start + maxRecord, open + maxField) + 1;
    let stop = Math.min(length, bound);
    let i = open + 1;
    // A quote that an earlier walk has left undecided, and up to where only spaces follow it.
    let undecided = -1;
    let spacesTo = 0;
    let mayMeet = this.#base + start < this.#known.frontier.at;
    for (;;) {
      // Between the two quotes of a pair the walks may be out of step: one pairs the first with the second, one the second
      // with a third.
      if (mayMeet && !(units[i - 1] === QUOTE && units[i] === QUOTE)) {
        const { frontier } = this.#known;
        const position = this.#base + i;
        const end = this.#known.endOfField(position) - this.#base;
        if (end >= i) {
          if (end >= bound) return this.#breakOff(true);
          // The rest of this walk is the other one's, and how it went is not known in detail: assume the worst of it.
          this.#follows = true;
          this.#known.backToFrontier();
          this.#multiline = true;
          this.irregular = true;
          if (frontier.where === 'dead') return this.#breakOff(true);
          if (frontier.where === 'outside') {
            this.#jump = { at: frontier.at - this.#base, floor: frontier.floor - this.#base };
            return JUMPED;
          }
          open = frontier.open - this.#base;
          bound = Math.min(start + maxRecord, open + maxField) + 1;
          stop = Math.min(length, bound);
        }
        if (frontier.where === 'inside' && (end >= i || (position > frontier.open && position <= frontier.at))) {
          this.#multiline = true;
          this.irregular = true;
          i = frontier.at - this.#base;
          undecided = i;
          spacesTo = frontier.spacesTo - this.#base;
          mayMeet = false;
        } else if (position >= frontier.at) mayMeet = false;
      }
      while (i < stop) {
        const unit = units[i] ?? 0;
        if (unit <= QUOTE) {
          if (unit === QUOTE) break;
          if (unit === LF || unit === CR) this.#multiline = true;
        }
        i++;
      }
      if (i >= stop) {
        if (bound > length && !this.#final) return MORE;
        return this.#giveUp(
          { where: 'inside', at: this.#base + i, open: this.#base + open, spacesTo: 0 },
          bound <= length,
        );
      }
      if (i + 1 < length && units[i + 1] === QUOTE) {
        i += 2;
        continue;
      }
      let after = i === undecided ? Math.max(spacesTo, i + 1) : i + 1;
      while (after < stop && (units[after] === SPACE || units[after] === tab)) after++;
      if (after >= stop && bound <= length) {
        const base = this.#base;
        return this.#giveUp({ where: 'inside', at: base + i, open: base + open, spacesTo: base + after });
      }
      if (after >= stop && !this.#final) return MORE;
      const unit = units[after];
      if (after >= stop || unit === this.#delimiter || unit === LF || unit === CR) {
        (this.#follows ? this.#known : this.#walked).add(this.#base + open + 1, this.#base + i, this.#base + after);
        return after;
      }
      this.irregular = true;
      i = after;
    }
  }

  /** Ends the walk as broken, and keeps what it found if that reaches further than what was known. */
  #giveUp(frontier: Frontier, overBound = true): typeof BROKEN {
    if (frontier.at >= this.#known.frontier.at) {
      if (!this.#follows) [this.#known, this.#walked] = [this.#walked, this.#known];
      this.#known.settle(frontier);
    }
    return this.#breakOff(overBound);
  }

  /** Ends the walk as broken without having learned anything. */
  #breakOff(overBound: boolean): typeof BROKEN {
    this.overBound = overBound;
    return BROKEN;
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
