/** A sign written for a web page: by its number, or by a name of those that programs use. */
const HTML_ENTITY =
  /&(?:#\d{2,6}|#x[\da-f]{2,5}|amp|lt|gt|quot|apos|nbsp|shy|[lr][sd]quo|[lr]aquo|[nm]dash|hellip|bull|middot|szlig|eth|thorn|euro|[a-z]{1,2}(?:acute|grave|circ|uml|tilde|ring|cedil|slash|lig|caron));/i;

const HTML_TAG = /<(?:\/?[a-z][a-z\d]{0,9}(?:\s[^<>]*)?\/?|!--.*--)>/i;

/** What Windows-1252 has for the bytes 0x80 to 0xBF, all bytes of a UTF-8 character but its first. */
const MARKS = '‘’“”‚„…–—';
const CONTINUATION = `[\\u0080-\\u00bf€ƒ†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ${MARKS}]`;
const CONTINUATION_BUT_MARKS = `[\\u0080-\\u00bf€ƒ†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]`;

/**
 * UTF-8 that was read as another encoding, and saved so. Not each letter can be a first byte here: people write `CAFÉ’S`, and
 * quotes behind a word in capitals, `“MAÇÔ, so a quote counts only within a word.
 */
const MOJIBAKE = new RegExp(
  [
    // As Windows-1252: `JosÃ©`, `Å\u00a0koda`; read so twice it is `JosÃƒÂ©`.
    `[ÂÃÄÅÎÏÐÑÕ×ØÙ]${CONTINUATION_BUT_MARKS}`,
    `[ÂÃÄÅÎÏÐÑ×ØÙ][${MARKS}]\\p{L}`,
    'È[˜™š›]',
    // Punctuation, kana, Chinese and Korean: `â€™`, `ã‚¹`, `å¼ `.
    `[à-ï](?:${CONTINUATION_BUT_MARKS}${CONTINUATION}|${CONTINUATION}${CONTINUATION_BUT_MARKS})`,
    `ð${CONTINUATION}{3}`,
    // As MacRoman and the code pages of DOS: `Jos√©`, `Jos├®`.
    '[√├┬][^\\s\\w]',
    '‚Ä[^\\s\\w]',
    // As Windows-1250: `JosĂ©`, `MĂĽller`, `Ĺ‚`.
    '[ĂĹ][ˇ˘Ł¤Ą¦§¨©«¬®Ż°±˛ł´µ¶·¸ą»Ľ˝ľż‚„›‡…]',
    // As Windows-1251, of Cyrillic letters: `РђРЅРЅР°`.
    '(?:[РС][^\\sа-яА-Яa-zA-Z\\d.,()\'"-]){2}',
  ].join('|'),
  'u',
);

/** What a program wrote for a letter that its encoding does not have: `Jos?`, `Pe?a`, `Pe¿a`. Not `¿Quién?`. */
const LOST_CHARACTER = /\p{L}[?¿\u25a1]|[?\u25a1]\p{L}/u;
const QUESTION = /(?:^|\s)¿/;

export type Damage = 'html_entities' | 'markup' | 'mojibake' | 'lost_characters';

const BEYOND_ASCII = /[\u0080-\uffff]/;

/** How a text looks damaged. */
export function damageOf(text: string): Damage[] {
  const damage: Damage[] = [];
  if (text.includes('&') && HTML_ENTITY.test(text)) damage.push('html_entities');
  if (text.includes('<') && HTML_TAG.test(text)) damage.push('markup');
  if (BEYOND_ASCII.test(text) && MOJIBAKE.test(text)) damage.push('mojibake');
  // Mojibake has such signs of its own.
  else if (LOST_CHARACTER.test(text) && !QUESTION.test(text)) damage.push('lost_characters');
  return damage;
}
