import { checkMobileNo } from './check-mobile-no.ts';
import { cleanEmail } from './clean-email.ts';
import { cleanMobileNo } from './clean-mobile-no.ts';

/*
 * How much the values of a field look like those of a column, from 0 to 1: for files without a header, and for header cells
 * that nobody knows. Values are trimmed, and not blank.
 */

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** Whether a whole cell is an e-mail address, good or not. */
export function isAddress(cell: string): boolean {
  return ADDRESS.test(cell.trim());
}

export function likeEmail(values: readonly string[]): number {
  return share(values, (value) => isAddress(cleanEmail(value)));
}

/** What is written as no other number is: with a plus, a zero or signs that divide it, or very long. */
const TELEPHONE_LIKE = /^[+(0]|[ ().\-/]|\d{9}/;

export function likeMobileNo(values: readonly string[]): number {
  const numbers = values.map(cleanMobileNo).filter((value) => checkMobileNo(value).length === 0);
  return Math.min(numbers.length / values.length, 2 * share(numbers, (value) => TELEPHONE_LIKE.test(value)));
}

/** Legal forms, as companies have them behind their name; a few languages have them in front. */
const LEGAL_FORM =
  /(?:^|[\s,.])(?:ltd|limited|inc|incorporated|corp|corporation|co|company|llc|llp|plc|pty|gmbh|mbh|ag|kg|kgaa|ug|ohg|e\.?v|e\.?k|gbr|se|sa|s\.a|sas|sarl|eurl|sci|sl|s\.l|slu|sau|srl|s\.r\.l|spa|s\.p\.a|snc|sas|lda|ltda|s\/a|bv|b\.v|nv|n\.v|vof|cv|sp\.? ?z ?o\.? ?o|s\.?a|sp\.? ?j|sp\.? ?k|s\.?r\.?o|a\.?s|spol|ab|hb|aps|a\/s|ivs|as|asa|oy|oyj|tmi|a\.?ş|a\.?s|şti|ооо|оао|зао|пао|ао|ип|тов|пат|прат|фоп|αε|επε|ικε|kft|zrt|nyrt|bt|group|holding|holdings|bank|university|hospital)\.?(?:$|[\s,.)])|株式会社|有限会社|合同会社|公司|集团|集團|주식회사|㈜|\(주\)|（株）|㈱/iu;
const HAS_LETTERS = /\p{L}{2}|\p{Script=Han}|\p{Script=Hangul}/u;
const NAME_SHAPE = /^\p{L}[\p{L}\p{M}'’.-]*(?:[ ,]+\p{L}[\p{L}\p{M}'’.-]*){1,4}$/u;
const CJK_NAME =
  /^(?:\p{Script=Han}|\p{Script=Hangul}|[\p{Script=Katakana}ー\p{Script=Hiragana}\s・])(?:[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー\s・]){1,9}$/u;

/** Names are of two words or more, and hardly two people of a company have the same. */
export function likeEmployeeName(values: readonly string[]): number {
  const shaped = share(values, (value) => NAME_SHAPE.test(value) || CJK_NAME.test(value));
  return (
    share(values, isText) * (shaped + variety(values)) * 0.5 * (1 - share(values, (value) => LEGAL_FORM.test(value)))
  );
}

/** Companies have a legal form, or the same company many employees. */
export function likeCompanyName(values: readonly string[]): number {
  const legal = share(values, (value) => LEGAL_FORM.test(value));
  return share(values, isText) * Math.min(1, Math.max(2 * legal, 1.5 * (1 - variety(values))));
}

function isText(value: string): boolean {
  return HAS_LETTERS.test(value) && !isAddress(value) && !/^\w+:\/\//.test(value);
}

/** 0: all values are the same; 1: no two are. Of one value alone nobody knows. */
function variety(values: readonly string[]): number {
  if (values.length < 2) return 1;
  return (new Set(values).size - 1) / (values.length - 1);
}

function share(values: readonly string[], matches: (value: string) => boolean): number {
  return values.length === 0 ? 0 : values.filter(matches).length / values.length;
}
