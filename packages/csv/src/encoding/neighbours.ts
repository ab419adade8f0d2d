/**
 * What follows a letter in the languages that have it, in percent: a vowel, a consonant, nothing. `ñ` stands before vowels
 * and `ń`, which is the same byte in another encoding, does not: so one word may tell which of them was meant.
 */
// biome-ignore format: a table
const FOLLOWED_BY: Readonly<Record<string, readonly [vowel: number, consonant: number, end: number]>> = {
  ã: [70, 12, 18], ă: [5, 55, 40], á: [8, 67, 25], ä: [6, 86, 8], å: [8, 77, 15], ā: [3, 67, 30], ą: [2, 83, 15], æ: [4, 88, 8],
  â: [4, 88, 8], ç: [92, 5, 3], ć: [8, 22, 70], č: [70, 20, 10], ď: [30, 45, 25], đ: [85, 10, 5], ð: [40, 25, 35], è: [5, 85, 10],
  ê: [4, 91, 5], ë: [20, 45, 35], ė: [2, 58, 40], ē: [3, 87, 10], ę: [2, 78, 20], ě: [3, 82, 15], ğ: [35, 50, 15], ģ: [85, 10, 5],
  î: [4, 92, 4], ï: [25, 70, 5], ī: [3, 85, 12], į: [2, 80, 18], ı: [2, 75, 23], ķ: [70, 10, 20], ł: [60, 28, 12], ļ: [55, 30, 15],
  ñ: [97, 2, 1], ń: [2, 68, 30], ň: [25, 25, 50], ņ: [55, 15, 30], ô: [3, 92, 5], ö: [6, 88, 6], õ: [55, 40, 5], ő: [4, 56, 40],
  ø: [8, 84, 8], ò: [8, 52, 40], ō: [3, 92, 5], œ: [85, 14, 1], ř: [78, 10, 12], š: [60, 25, 15], ś: [12, 63, 25], ş: [65, 20, 15],
  ß: [35, 15, 50], ţ: [70, 8, 22], þ: [80, 18, 2], ť: [30, 30, 40], ü: [6, 88, 6], û: [2, 95, 3], ű: [3, 77, 20], ù: [5, 25, 70],
  ů: [1, 74, 25], ū: [5, 85, 10], ų: [1, 4, 95], ý: [3, 42, 55], ź: [10, 60, 30], ż: [70, 22, 8], ž: [68, 17, 15],
};

/** The same of any letter. */
const USUALLY = [35, 45, 20] as const;

/** How much rarer the letters of a word are before what follows them than elsewhere, in nats; less than 0: more frequent. */
export function neighbourCost(word: readonly string[]): number {
  let cost = 0;
  for (const [index, letter] of word.entries()) {
    const shares = letter > '\x7f' ? FOLLOWED_BY[letter.toLowerCase()] : undefined;
    if (shares === undefined) continue;
    const next = word[index + 1];
    const kind = next === undefined ? 2 : isVowel(next) ? 0 : 1;
    cost -= Math.log(shares[kind] / USUALLY[kind]);
  }
  return cost;
}

function isVowel(letter: string): boolean {
  return /[aeiouyæøœı]/.test(letter.normalize('NFD').charAt(0).toLowerCase());
}
