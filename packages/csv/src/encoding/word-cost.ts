import { rateHan } from './han.ts';
import { LANGUAGE_NAMES, LANGUAGES, type LanguageName, type Script } from './languages.ts';
import { neighbourCost } from './neighbours.ts';
import { casePenalty, scriptOf, scriptsPenalty, symbolPenalty } from './penalties.ts';

/** A stretch of letters: how many are ASCII, and the others in lower case. */
type Word = { ascii: number; others: string[]; scripts: readonly Script[] };

/** What a piece of text is made of, and what is odd about it in any language, in nats. */
export type Outline = { words: Word[]; penalty: number; isFlawed: boolean };

/** From here on a penalty means: nobody writes that. */
const FLAW = 6;

/** Takes a text apart, which has no white space in it. */
export function outline(text: string): Outline {
  const result: Outline = { words: [], penalty: 0, isFlawed: false };
  const penalise = (nats: number) => {
    result.penalty += nats;
    if (nats >= FLAW) result.isFlawed = true;
  };
  const characters = Array.from(text);
  let start = 0;
  for (let index = 0; index <= characters.length; index++) {
    const character = characters[index];
    if (character !== undefined && scriptOf(character) !== undefined) continue;
    const letters = characters.slice(start, index);
    if (letters.length > 0) {
      const word = toWord(letters);
      result.words.push(word);
      penalise(scriptsPenalty(word.scripts));
      penalise(casePenalty(letters));
      result.penalty += neighbourCost(letters);
    }
    if (character !== undefined && character > '\x7f')
      penalise(symbolPenalty(character, letters, lettersFrom(characters, index + 1)));
    start = index + 1;
  }
  return result;
}

function toWord(letters: readonly string[]): Word {
  const others = letters.filter((letter) => letter > '\x7f');
  const scripts = new Set(letters.flatMap((letter) => scriptOf(letter) ?? []));
  return { ascii: letters.length - others.length, others: others.map(lowerCase), scripts: [...scripts] };
}

/** The dotted capital of Turkish stays one character. */
function lowerCase(letter: string): string {
  return letter === 'İ' ? letter : letter.toLowerCase();
}

/** The letters that stand at `from` and after it. */
function lettersFrom(characters: readonly string[], from: number): string[] {
  let end = from;
  while (end < characters.length && scriptOf(characters[end] ?? '') !== undefined) end++;
  return characters.slice(from, end);
}

/** What a text costs in each language whose script it has; and in all others. */
export type Costs = { byLanguage: Partial<Record<LanguageName, number>>; elsewhere: number };

export function costsOf({ words }: Outline): Costs {
  const scripts = new Set(words.flatMap((word) => word.scripts));
  const byLanguage: Costs['byLanguage'] = {};
  for (const language of LANGUAGE_NAMES)
    if (LANGUAGES[language].scripts.some((script) => scripts.has(script)))
      byLanguage[language] = costIn(language, words);
  return { byLanguage, elsewhere: words.reduce((sum, word) => sum + foreignCost(word), 0) };
}

/** Nats of a letter of ASCII: the entropy of those of a language. */
const ASCII_LETTER = 3;
/** Of one that a language does not have. */
const UNKNOWN_LETTER = 11.5;
/** Of a word in another script, and of each letter in it. */
const FOREIGN_WORD = 6;
const FOREIGN_LETTER = 9;

function costIn(language: LanguageName, words: readonly Word[]): number {
  const { scripts, costs } = LANGUAGES[language];
  let sum = 0;
  for (const word of words) {
    if (!word.scripts.some((script) => (scripts as readonly Script[]).includes(script))) sum += foreignCost(word);
    else {
      sum += word.ascii * ASCII_LETTER;
      for (const letter of word.others)
        sum += costs === null ? rateHan(letter, language) : (costs.get(letter) ?? UNKNOWN_LETTER);
    }
  }
  return sum;
}

/** A word in ASCII is at home everywhere. */
function foreignCost({ ascii, others }: Word): number {
  return ascii * ASCII_LETTER + (others.length > 0 ? FOREIGN_WORD + others.length * FOREIGN_LETTER : 0);
}
