import { isBlankWord } from './blank-words.ts';
import { isInvisible, trimMarks } from './invisible-marks.ts';

const CJK = '\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}ー々';
const ENDS_CJK = new RegExp(`[${CJK}]$`, 'u');
const BEGINS_CJK = new RegExp(`^[${CJK}]`, 'u');

/**
 * A value that stands in several fields, such as a person's name: the parts that are not blank, with a space between.
 * Blank is also one that stands for nothing, such as `NULL`; the name Null is none of these.
 * Chinese, Japanese and Korean write names without one: `山田` and `太郎` are `山田太郎`.
 */
export function joinParts(parts: readonly string[]): string {
  const [only = '', ...others] = parts;
  if (others.length === 0) return only;
  return parts
    .filter((part) => !isInvisible(part))
    .map(trimMarks)
    .filter((part) => !isBlankWord(part))
    .reduce((joined, part) => joined + separatorOf(joined, part) + part, '');
}

function separatorOf(before: string, after: string): string {
  return before === '' || (ENDS_CJK.test(before) && BEGINS_CJK.test(after)) ? '' : ' ';
}
