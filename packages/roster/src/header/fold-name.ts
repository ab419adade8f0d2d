/** Letters that Unicode does not decompose, as people write them who do not have them. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'a',
  œ: 'o',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};
const SPECIAL = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'gu');

/** German and Nordic umlauts are written with an `e` where a keyboard lacks them: `Geschaeftlich`, `Buero`. */
const UMLAUT = /([aou])e/g;

/**
 * What is compared of a header name. Left out are case, accents, spaces of any kind, `_`, `-` and all other punctuation, and
 * a byte order mark in the text. Not for long texts: normalising takes time by the square of the length.
 */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]|\p{Lm}(?<=[ʹʼʻ])/gu, '')
    .replace(SPECIAL, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .replace(UMLAUT, '$1');
}
