import type { Script } from './languages.ts';

/** What names hardly ever have, in nats: about the negative logarithm of how often they do. */
const PENALTY = {
  unreadable: 14,
  inWord: 14,
  /** `O’Neill`, `Peter’s`. */
  apostrophe: 4,
  /** `Meier–Schmidt`. */
  dash: 5,
  atEdge: 9,
  quotation: 5,
  mixed: 12,
  upperInWord: 9,
  lowerInCapitals: 3,
  ordinal: 5.5,
};

/** What stands beside words in text of every kind. */
const USUAL = new Set('«»“”„‘’‚‹›–—…·•№\u00a0\u00ad（）「」『』、。・，：；！？〜　');
/** What does not stand right before a small letter: `’t Hooft` is rare. */
const CLOSING = new Set('’”');
/** What stands behind a name, not before one. */
const BEHIND = new Set('®™©');
const DASHES = new Set('–‐');

/** A character that is no letter, between those letters; one of the two may be none. */
export function symbolPenalty(character: string, before: readonly string[], after: readonly string[]): number {
  if (/[\p{C}\ufffd]/u.test(character) && character !== '\u00ad') return PENALTY.unreadable;
  const [first = ''] = after;
  if (before.length > 0 && after.length > 0 && character !== '\u00a0' && character !== '\u00ad') {
    if (character === '’' && (before.length <= 2 || after.length <= 2)) return PENALTY.apostrophe;
    if (DASHES.has(character) && isUpper(first)) return PENALTY.dash;
    return character === '・' ? PENALTY.quotation : PENALTY.inWord;
  }
  if (CLOSING.has(character) && before.length === 0 && isLower(first)) return PENALTY.atEdge;
  if (character === 'ª' || character === 'º') return PENALTY.ordinal;
  const isUsual = USUAL.has(character) || (BEHIND.has(character) && first === '') || character === '€';
  return isUsual ? PENALTY.quotation : PENALTY.atEdge;
}

/** Letters of several scripts in a word, other than those that are written together. */
export function scriptsPenalty(scripts: readonly Script[]): number {
  const areTogether = scripts.length < 2 || scripts.every((script) => script === 'han' || script === 'kana');
  return areTogether ? 0 : PENALTY.mixed;
}

/** `JosŽ`: a capital over ASCII after a small letter; `MüLLER`: a small one among capitals. */
export function casePenalty(word: readonly string[]): number {
  let penalty = 0;
  const capitals = word.filter(isUpper).length;
  for (const [index, letter] of word.entries()) {
    const before = word[index - 1];
    if (before === undefined || (letter <= '\x7f' && before <= '\x7f')) continue;
    if (isLower(before) && isUpper(letter)) penalty += PENALTY.upperInWord;
    else if (isUpper(before) && isLower(letter) && letter > '\x7f' && capitals > 2) penalty += PENALTY.lowerInCapitals;
  }
  return penalty;
}

function isUpper(letter: string): boolean {
  return letter !== letter.toLowerCase();
}

function isLower(letter: string): boolean {
  return letter !== letter.toUpperCase();
}

const SCRIPTS: readonly (readonly [RegExp, Script])[] = [
  [/\p{Script=Latin}/u, 'latin'],
  [/\p{Script=Cyrillic}/u, 'cyrillic'],
  [/\p{Script=Greek}/u, 'greek'],
  [/[\p{Script=Han}々〆]/u, 'han'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}ーｰﾞﾟ]/u, 'kana'],
  [/\p{Script=Hangul}/u, 'hangul'],
  [/\p{Script=Hebrew}/u, 'hebrew'],
  [/\p{Script=Arabic}/u, 'arabic'],
  [/\p{Script=Thai}/u, 'thai'],
];
const known = new Map<string, Script | undefined>();

/** The script of a letter; undefined of what is none. */
export function scriptOf(character: string): Script | undefined {
  if (known.has(character)) return known.get(character);
  const isLetter = /[\p{L}\p{M}ｰﾞﾟ]/u.test(character) && character !== 'ª' && character !== 'º';
  const script = isLetter ? SCRIPTS.find(([pattern]) => pattern.test(character))?.[1] : undefined;
  known.set(character, script);
  return script;
}
