/** Full-width forms of ASCII and what East Asian keyboards write for a space and a dot, as well as the small `@` and `+`. */
const WIDE = /[\uff01-\uff5e\uff61\u3000\u3002\ufe62\ufe6b]/gu;

/** A text with ASCII signs for their full-width forms: `＠` is `@`, `。` is a dot. */
export function halfWidth(text: string): string {
  return text.replace(WIDE, (sign) => (sign === '\u3002' || sign === '\uff61' ? '.' : sign.normalize('NFKC')));
}

/** Longer values are nobody's number or address: nothing is taken off them, so that no pattern meets an endless text. */
const WRAPPED_MAX = 1024;
/** The lines of a cell as a list, if each is a value: then it is refused for having several, not for its line ends. */
export function linesAsList(text: string, isValue: RegExp): string {
  if (text.length > WRAPPED_MAX || !/[\r\n]/.test(text)) return text;
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every((line) => isValue.test(line)) ? lines.join('; ') : text;
}

/** `"mailto:jane@x.org",` has three. */
const WRAPPINGS_MAX = 6;

/** Takes wrappings off a text until there are none, each as often as it comes: a value within quotes within a label. */
export function unwrap(text: string, wrappings: readonly ((text: string) => string)[]): string {
  if (text.length > WRAPPED_MAX) return text;
  let unwrapped = text;
  for (let time = 0; time < WRAPPINGS_MAX; time++) {
    const next = wrappings.reduce((inner, takeOff) => takeOff(inner).trim(), unwrapped);
    if (next === unwrapped) break;
    unwrapped = next;
  }
  return unwrapped;
}

/** The signs that people and programs set around a value, and between values. */
export function withoutPunctuation(text: string): string {
  return text.replace(/^[,;:\s]+/, '').replace(/[.,;:\s]+$/, '');
}

const QUOTES = '\'"`´\u2018-\u201f\u2039\u203a«»';
const OPENING = new RegExp(`^[${QUOTES}]+`, 'u');
const CLOSING = new RegExp(`[${QUOTES}]+$`, 'u');

/** A text without the quotes and apostrophes around it, also one of a pair that lost the other. */
export function withoutQuotes(text: string): string {
  return text.replace(OPENING, '').replace(CLOSING, '');
}
