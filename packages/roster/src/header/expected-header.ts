import type { UploadFailure } from '../failure.ts';
import { trimMarks } from '../invisible-marks.ts';
import { withoutTrailingEmpty } from './cells.ts';
import { quoteCells, shownCell, shownList } from './shown-cells.ts';

/** Columns of a correction CSV beside the file's own. None is a name of one of ours, so they are ignored when it is uploaded. */
export const CORRECTION_COLUMNS = ['line', 'error_code', 'error'] as const;

/** Characters of a header cell that are compared: to normalise longer ones takes time by the square of their length. */
export const EXPECTED_CELL_MAX = 1000;
/** Cells that an error text names as moved; more say no more. */
const MOVED_MAX = 10;

/** The header that a profile was made for. */
export type ExpectedHeader = { profile: string; cells: readonly string[] };

/**
 * Compares a file's header with the one that a profile was made for. The same are headers that differ in case, in spaces or in
 * empty cells at their end, and the header of a correction CSV of such a file.
 *
 * @returns why the profile is not for the file: which columns are missing, new or moved; undefined when it is for it.
 */
export function profileMismatch(
  { profile, cells }: ExpectedHeader,
  found: readonly string[],
): UploadFailure | undefined {
  const expected = namesOf(cells);
  const actual = withoutCorrectionColumns(namesOf(found), expected.size);
  const missing = [...expected].filter(([name]) => !actual.has(name)).map(([, cell]) => cell.text);
  const added = [...actual].filter(([name]) => !expected.has(name)).map(([, cell]) => cell.text);
  const moved = movedCells(expected, actual);
  const differences = [
    ...(missing.length > 0 ? [`Missing: ${quoteCells(missing)}.`] : []),
    ...(added.length > 0 ? [`New: ${quoteCells(added)}.`] : []),
    ...(moved.length > 0 ? [`Moved: ${shownMoves(moved)}.`] : []),
  ];
  if (differences.length === 0) return undefined;
  const detail =
    `The header is not the one that the profile "${profile}" was made for. ${differences.join(' ')} ` +
    'Send the file as it was then, change the profile, or send the file without it.';
  return { code: 'profile_mismatch', detail };
}

/** A header cell, and its position from 1. */
type Cell = { text: string; position: number };

/** Cells by what is compared of them; of several with one text, by which of them it is. */
function namesOf(cells: readonly string[]): Map<string, Cell> {
  const seen = new Map<string, number>();
  return new Map(
    withoutTrailingEmpty(cells).map((text, index) => {
      const name = comparable(text);
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return [`${count} ${name}`, { text, position: index + 1 }];
    }),
  );
}

function comparable(cell: string): string {
  return trimMarks(cell.slice(0, EXPECTED_CELL_MAX)).normalize('NFC').replaceAll(/\s+/g, ' ').toLowerCase();
}

function withoutCorrectionColumns(names: Map<string, Cell>, width: number): Map<string, Cell> {
  const added = [...names.values()].slice(width).map(({ text }) => text);
  const isCorrection =
    added.length === CORRECTION_COLUMNS.length && added.every((text, i) => text === CORRECTION_COLUMNS[i]);
  return isCorrection ? new Map([...names].slice(0, width)) : names;
}

/** The cells that both have, but in another order. */
function movedCells(expected: ReadonlyMap<string, Cell>, actual: ReadonlyMap<string, Cell>) {
  const before = [...expected].filter(([name]) => actual.has(name));
  const now = [...actual].filter(([name]) => expected.has(name));
  return now.flatMap(([name, { text, position }], index) =>
    before[index]?.[0] === name ? [] : [{ text, from: expected.get(name)?.position, to: position }],
  );
}

function shownMoves(moved: ReturnType<typeof movedCells>): string {
  const shown = moved
    .slice(0, MOVED_MAX)
    .map(({ text, from, to }) => `${JSON.stringify(shownCell(text))} from ${from} to ${to}`);
  return shownList(shown, moved.length);
}
