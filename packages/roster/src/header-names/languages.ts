/** Languages whose header names are known. The names that programs write are under `en`, as most of them are English. */
export const LANGUAGES = [
  'en',
  'de',
  'fr',
  'es',
  'pt',
  'it',
  'nl',
  'pl',
  'cs',
  'sv',
  'da',
  'no',
  'fi',
  'tr',
  'ru',
  'uk',
  'el',
  'hu',
  'ja',
  'zh',
  'ko',
] as const;

export type Language = (typeof LANGUAGES)[number];

/** Languages in which a person's family name stands before the given name. */
export const FAMILY_NAME_FIRST: readonly Language[] = ['hu', 'ja', 'zh', 'ko'];

export type NamesByLanguage = { readonly [L in Language]?: readonly string[] };

/**
 * Names of one thing: a plain list, or lists by rank. Of two header cells the one of the earlier rank is read, and the other
 * where that is blank. Two of one rank are ambiguous.
 */
export type HeaderNames = readonly string[] | readonly NamesByLanguage[];

/** The parts of a person's name that files have in columns of their own. What stands before and after it is left out. */
export const NAME_PARTS = ['given', 'middle', 'family', 'secondFamily'] as const;

export type NamePart = (typeof NAME_PARTS)[number];

/** The names in `headerNames`, by rank. */
export function ranksOf(headerNames: HeaderNames): NamesByLanguage[] {
  const plain: string[] = [];
  const ranks: NamesByLanguage[] = [];
  for (const entry of headerNames) {
    if (typeof entry === 'string') plain.push(entry);
    else ranks.push(entry);
  }
  return plain.length > 0 ? [{ en: plain }, ...ranks] : ranks;
}
