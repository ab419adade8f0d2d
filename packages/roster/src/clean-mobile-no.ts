import { withoutMarks } from './invisible-marks.ts';
import { halfWidth, linesAsList, unwrap, withoutPunctuation, withoutQuotes } from './wrappings.ts';

/** What has nothing to take off: almost every number. */
const PLAIN = /^\(?\+?\d[\d ()./-]*\d$/;

/**
 * A number without what programs and people write around it: `tel:`, `(work)`, quotes, a dot behind. Digits of other scripts
 * and full-width signs become ASCII. What stands between the digits stays as the file has it, an extension too.
 */
export function cleanMobileNo(value: string): string {
  if (PLAIN.test(value)) return value;
  const text = withAsciiDigits(halfWidth(withoutMarks(value))).trim();
  return unwrap(linesAsList(text, SIX_DIGITS), WRAPPINGS);
}

/** Fewer are no number of their own. */
const SIX_DIGITS = /\d(?:\D*\d){5}/;

/** The zeros of the scripts whose digits people type; the other nine follow each. */
const ZEROS = [...'٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀០᠐'].map((zero) => zero.charCodeAt(0));
const FOREIGN_DIGIT = /(?!\d)\p{Nd}/gu;

function withAsciiDigits(text: string): string {
  return text.replace(FOREIGN_DIGIT, (digit) => {
    const code = digit.charCodeAt(0);
    const zero = ZEROS.find((zero) => code >= zero && code <= zero + 9);
    return zero === undefined ? digit : String(code - zero);
  });
}

const WRAPPINGS = [withoutPunctuation, withoutQuotes, withoutNotes, withoutLabel, withPlainExtension, withOnePlus];

/** Words that say what kind of number it is. */
const KINDS =
  'tel|telephone|telefon|téléphone|teléfono|telefono|phone|mobile|mobil|mob|móvil|cell|cellular|cellulare|handy|gsm|natel|portable|work|office|business|home|private|privat|dienstlich|geschäftlich|main|direct';
/** In brackets anything goes that has no digits: `(work)`, `[private, evenings]`. */
const NOTE = '[([][^\\d()[\\]]{1,40}[)\\]]';
const NOTE_BEHIND = new RegExp(`\\s*${NOTE}$|\\s+(?:${KINDS})$`, 'iu');
const NOTE_BEFORE = new RegExp(`^${NOTE}\\s*`, 'iu');

function withoutNotes(text: string): string {
  return text.replace(NOTE_BEFORE, '').replace(NOTE_BEHIND, '');
}

/** `tel:` as in links (RFC 3966), `Mobile: `, `M.`; a letter alone needs its sign. */
const LABEL = new RegExp(
  `^(?:(?:${KINDS}|callto|whatsapp)(?:\\s*[.:]+\\s*|\\s+)|[tmpchw]\\s*[.:]+\\s*)(?=[+(\\d])`,
  'iu',
);

function withoutLabel(text: string): string {
  return text.replace(LABEL, '');
}

/** The extension of a link (RFC 3966), `;ext=11`, as people write it. */
function withPlainExtension(text: string): string {
  return text.replace(/;ext=(?=\d)/i, ' ext. ');
}

/** A country code that a program has put before a number with a plus of its own: `+44+7700…`. */
function withOnePlus(text: string): string {
  return text.replace(/^(\+\d{1,3})\s?\+\s?(?=\d)/, '$1 ');
}
