import { decode } from './decode.ts';
import { BOUNDS, type Delimiter, type Encoding, type Quoting } from './dialect.ts';
import { isWrapped, type LineField, readFields, TYPOGRAPHIC_OPENING } from './read-fields.ts';
import { RecordScanner } from './scanner.ts';
import { toUnits, unitBytes } from './units.ts';

/** The first bytes of a file, or all of them. */
export type Beginning = { data: Uint8Array; encoding: Encoding; isWhole: boolean };

/** A quoting other than RFC 4180's that a file may have, and the encoding under which that can be seen. */
export type QuotingCandidate = { quoting: Quoting; encoding: Encoding };

const BEGINS_TYPOGRAPHIC = new RegExp(`^[ \\t]*[${TYPOGRAPHIC_OPENING}]`, 'm');

/**
 * The quotings that the beginning of a file hints at, the surest first. Nothing is hinted at in almost every file, and
 * `agreesWith` need not be asked.
 */
export function quotingCandidates({ data, encoding }: Beginning): QuotingCandidate[] {
  const candidates: QuotingCandidate[] = [];
  const text = decode(data, encoding);
  // The encoding of a file without a mark is not known yet. Those of one byte a character have these quotes in one place.
  for (const typed of encoding === 'utf-8' ? ['utf-8' as const, 'windows-1252' as const] : [encoding])
    if (BEGINS_TYPOGRAPHIC.test(typed === encoding ? text : decode(data, typed)))
      candidates.push({ quoting: 'typographic', encoding: typed });
  if (/^[ \t]*'/m.test(text)) candidates.push({ quoting: 'single', encoding });
  if (text.includes('\\"')) candidates.push({ quoting: 'backslash', encoding });
  if (/^[ \t]*"[^"\r\n]*(?:""[^"\r\n]*)*"[ \t,;|]*$/m.test(text)) candidates.push({ quoting: 'whole-line', encoding });
  return candidates;
}

/** At most one record in so many may be odd: all must agree in a file of fewer. */
const ODD_ONE_IN = 20;

/** Whether the records of the beginning, the header among them, are quoted so, and not as RFC 4180 says. */
export function agreesWith(beginning: Beginning, delimiter: Delimiter, quoting: Quoting): boolean {
  const { records, odd, told } = judge(beginning, delimiter, quoting);
  if (told === 0 || odd * ODD_ONE_IN > records) return false;
  // `"C:\"` is a field of RFC 4180, too: what is well formed by its rules is read by them.
  return quoting !== 'backslash' || odd < judge(beginning, delimiter, 'double').odd;
}

type Judged = { width: number; isGood: boolean; isTelling: boolean };

/**
 * Counts the records from the header on, those that do not keep to the quoting or have other fields than most, and those
 * that do and show it.
 */
function judge(
  beginning: Beginning,
  delimiter: Delimiter,
  quoting: Quoting,
): { records: number; odd: number; told: number } {
  const all = [...textsOf(beginning, delimiter, quoting)].map((text) => judgeRecord(text, delimiter, quoting));
  const least = quoting === 'whole-line' ? 3 : 2;
  const widths = all.filter(({ isGood, width }) => isGood && width >= least).map(({ width }) => width);
  const width = commonest(widths) ?? 0;
  const table = all.slice(all.findIndex((record) => record.width === width));
  // A header may do without quotes, as one that is made of names without spaces often does.
  const rows = table[0]?.isGood === false && table.length > 1 ? table.slice(1) : table;
  const good = rows.filter((record) => record.isGood && record.width === width);
  return {
    records: rows.length,
    odd: rows.length - good.length,
    told: good.filter(({ isTelling }) => isTelling).length,
  };
}

function judgeRecord(text: string, delimiter: Delimiter, quoting: Quoting): Judged {
  const written = readFields(text, delimiter, quoting === 'whole-line' ? 'double' : quoting) ?? [];
  const isLine = quoting === 'whole-line' && isWrapped(written);
  const fields = isLine ? (readFields(text, delimiter, quoting) ?? []) : written;
  const width = fields.length;
  switch (quoting) {
    case 'whole-line':
      return { width, isGood: isLine, isTelling: isLine };
    case 'single':
    case 'typographic':
      return { width, isGood: fields.every(isQuotedOrBare), isTelling: fields.some(({ quoted }) => quoted) };
    case 'backslash':
    case 'double':
      return { width, isGood: fields.every(({ isStrict }) => isStrict), isTelling: text.includes('\\"') };
  }
}

/** Numbers and NULL are written without quotes by programs that put all text in quotes. */
function isQuotedOrBare({ quoted, text }: LineField): boolean {
  return quoted || /^(?:[\d\s+()./-]*|null|\\N)$/i.test(text);
}

/** The number that comes most often, the first of equals. */
export function commonest(numbers: readonly number[]): number | undefined {
  const times = new Map<number, number>();
  for (const number of numbers) times.set(number, (times.get(number) ?? 0) + 1);
  const [first] = [...times].sort(([, a], [, b]) => b - a);
  return first?.[0];
}

/** The texts of the records, an empty one for a broken one. The last of a longer file is left out: it may be cut off. */
function* textsOf({ data, encoding, isWhole }: Beginning, delimiter: Delimiter, quoting: Quoting): Generator<string> {
  const scanner = new RecordScanner(delimiter, 1, BOUNDS, quoting, encoding);
  const width = unitBytes(encoding);
  scanner.load(toUnits(data, encoding), isWhole);
  for (let step = scanner.next(); step !== 'end' && step !== 'more'; step = scanner.next()) {
    if (step === 'broken') yield '';
    if (step !== 'record') continue;
    yield decode(data.subarray(scanner.start * width, scanner.end * width), encoding).replace(/(?:\r\n|\r|\n)$/, '');
  }
}
