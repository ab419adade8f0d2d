import { COLUMNS, type Column } from './columns.ts';

/**
 * What an upload warns of: what was guessed of the file, and values that look damaged. The rows land all the same. The texts
 * that users see are in docs/files.md, "Warnings".
 */
export const WARNING_CODES = [
  'encoding_guessed',
  'lines_skipped',
  'column_chosen',
  'html_entities',
  'markup',
  'mojibake',
  'lost_characters',
  'shifted_values',
  'shared_address',
  'names_changed',
] as const;

export type WarningCode = (typeof WARNING_CODES)[number];

/** One thing that an upload warns of; `column` is null where the file as a whole is meant. */
export type Warning = {
  code: WarningCode;
  column: Column | null;
  /** What it is and what to do. No personal data where it travels in messages: only the API adds names to its answers. */
  text: string;
  /** How many rows, lines, columns or addresses are meant. */
  count: number;
  /** The first of the lines that are meant, in file order: WARNING_LINES_MAX at most. */
  lines: number[];
};

export const WARNING_LINES_MAX = 10;

/** Sums up what the parts of a file warn of: one warning for each code, column and text, in the order of the codes. */
export function sumWarnings(warnings: Iterable<Warning>): Warning[] {
  const sums = new Map<string, Warning>();
  for (const warning of warnings) {
    const { code, column, text } = warning;
    const key = JSON.stringify([code, column, text]);
    const sum = sums.get(key) ?? { code, column, text, count: 0, lines: [] };
    sums.set(key, { ...sum, count: sum.count + warning.count, lines: firstLines([...sum.lines, ...warning.lines]) });
  }
  return [...sums.values()].sort((a, b) => rankOf(a) - rankOf(b));
}

function firstLines(lines: readonly number[]): number[] {
  return lines.toSorted((a, b) => a - b).slice(0, WARNING_LINES_MAX);
}

function rankOf({ code, column }: Warning): number {
  const place = column === null ? 0 : COLUMNS.indexOf(column) + 1;
  return WARNING_CODES.indexOf(code) * (COLUMNS.length + 1) + place;
}
