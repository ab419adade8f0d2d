import { type Bounds, type Delimiter, QUOTE, SPACE, TAB } from './dialect.ts';
import { BROKEN, MORE, type Window } from './record-walk.ts';
import { findLineEnd, type Units } from './units.ts';

/**
 * Walks over one record where every line is one: of a file in typographic quotes. People type these, line by line; so no
 * field goes over several, and where a record ends does not depend on how its encoding writes the quotes.
 */
export class LineWalk {
  readonly multiline = false;
  readonly plain = false;
  readonly irregular = true;
  readonly overBound = true;
  readonly dependsOnEncoding = false;

  readonly delimiter: number;
  readonly tab: number;
  readonly quote = QUOTE;
  readonly #maxRecord: number;

  #units: Units = new Uint8Array(0);
  #final = false;

  constructor(delimiter: Delimiter, { maxRecord }: Bounds) {
    this.delimiter = delimiter.charCodeAt(0);
    this.tab = delimiter === '\t' ? SPACE : TAB;
    this.#maxRecord = maxRecord;
  }

  load({ units, final }: Window): void {
    this.#units = units;
    this.#final = final;
  }

  /** As `RecordWalk.walk`. */
  walk(start: number): number {
    const { length } = this.#units;
    const bound = start + this.#maxRecord + 1;
    const end = findLineEnd(this.#units, start, Math.min(length, bound));
    if (end === bound) return BROKEN;
    return end === length && !this.#final ? MORE : end;
  }
}
