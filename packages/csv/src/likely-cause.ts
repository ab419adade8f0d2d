import type { Quoting } from './dialect.ts';
import type { Source } from './run.ts';

type Dialect = Pick<Source, 'delimiter' | 'quoting'>;

/** Kinds of quotes around a field, each with how it begins and how it ends. */
const AROUND: readonly (readonly [Quoting, string, RegExp, RegExp])[] = [
  ['double', 'double quotes', /^"/, /"$/],
  ['single', 'single quotes', /^'/, /'$/],
  ['typographic', 'typographic quotes', /^[“„”«»‘‚‹›]/, /[“”«»‘’‹›]$/],
];

/**
 * Why a record has other fields than the header, where it looks like one that is quoted otherwise than the file.
 *
 * @param fields as the file's quoting gives them.
 */
export function causeOfFieldCount(fields: readonly string[], { delimiter, quoting }: Dialect): string | undefined {
  const [first = '', ...others] = fields;
  const isOneLine = first.includes(delimiter) && others.every((field) => field === '');
  if (quoting === 'backslash')
    return fields.some((field) => field.includes(`"${delimiter}`)) ? BACKSLASH_BEFORE_END : undefined;
  if (fields.some((field) => /\\(?:"|$)/.test(field))) return BACKSLASHES;
  if (isOneLine) return quoting === 'whole-line' ? UNDOUBLED : WHOLE_LINE;
  const found = AROUND.find(
    ([kind, , begin, end]) =>
      kind !== quoting && fields.some((field) => begin.test(field)) && fields.some((field) => end.test(field)),
  );
  return found && `this line has ${found[1]} around values, other lines do not`;
}

/** Why a quote on this line is not closed, where that may come from another quoting. `line`: its beginning, as written. */
export function causeOfOpenQuote(line: string, { quoting }: Dialect): string | undefined {
  if (quoting === 'single') return 'in this file an apostrophe at the beginning of a field opens it';
  if (!line.includes('\\"')) return undefined;
  return quoting === 'backslash' ? BACKSLASH_BEFORE_END : BACKSLASHES;
}

const BACKSLASHES = 'this line has backslash-escaped quotes (\\"), other lines do not';
const BACKSLASH_BEFORE_END =
  'in this file \\" inside quotes is a quote, so a backslash before a closing quote must be doubled';
const WHOLE_LINE = 'the whole line is in one pair of quotes, other lines are not';
const UNDOUBLED = 'the whole line is in one pair of quotes, and those inside it are not closed';
