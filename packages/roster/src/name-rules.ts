import { isInvisible, trimMarks } from './invisible-marks.ts';
import { type RuleViolation, tooLong } from './rule-violation.ts';

const NAME_MAX = 200;

export function checkName(value: string): RuleViolation[] {
  return tooLong(value, NAME_MAX);
}

/**
 * UTF-16 units of a name that may still be short enough: no character of NFC is written with more than four. Longer ones are
 * too long as they are; to normalise a sequence of combining marks takes time by the square of its length (64 KiB: 0.3 s).
 */
const NORMALISED_MAX = 4 * NAME_MAX;

/** Below it NFC changes nothing: no character is a combining mark, or written with one. */
const MAYBE_COMPOSED = /[\u0300-\uffff]/;

/**
 * The same letters are the same text, however a program writes their accents (Unicode Standard Annex 15, NFC). A name that
 * nobody sees is none.
 */
export function cleanName(value: string): string {
  const name = trimMarks(value);
  if (isInvisible(name)) return '';
  return name.length > NORMALISED_MAX || !MAYBE_COMPOSED.test(name) ? name : name.normalize('NFC');
}
