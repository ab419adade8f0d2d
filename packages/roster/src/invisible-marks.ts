/*
 * Characters that nobody sees and that mean nothing at the ends of a value: Windows, contacts and messengers put marks of
 * writing direction around a number that is copied, web pages soft hyphens and zero width spaces where a word may break.
 * Not among them are the joiners (U+200C, U+200D): Persian and Indic names are spelled with them.
 */
export const MARK_OR_SPACE = /[\s\p{Bidi_Control}\u00ad\u200b\u2060]/u;
const MARK_OR_JOINER = /[\p{Bidi_Control}\u00ad\u200b-\u200d\u2060\ufeff]/gu;

/** A text without the spaces and marks around it. Those inside stay: a name may be of two writing directions. */
export function trimMarks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isMarkOrSpace(text.charCodeAt(start))) start++;
  while (start < end && isMarkOrSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The comparisons answer for almost every value: between the space and the no-break space there is none. */
function isMarkOrSpace(unit: number): boolean {
  return (unit <= 0x20 || unit >= 0xa0) && MARK_OR_SPACE.test(String.fromCharCode(unit));
}

/**
 * A number or an address without marks anywhere, joiners among them, and without the spaces around it; nothing of one that
 * nobody sees.
 */
export function withoutMarks(text: string): string {
  return isInvisible(text) ? '' : text.replace(MARK_OR_JOINER, '').trim();
}

/**
 * What somebody sees. Not seen are spaces, what Unicode says is ignored when it has no glyph (joiners, variation selectors,
 * tags, the Hangul fillers, which are letters), and what has a glyph without ink: the blank braille pattern, interlinear
 * annotation marks, hieroglyph format controls, the Khitan filler and the null notehead.
 */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{13430}-\u{13440}\u{16fe4}\u{1d159}]/u;

/** Whether nobody sees anything of a text: for whoever reads it, it is blank. */
export function isInvisible(text: string): boolean {
  return !VISIBLE.test(text);
}
