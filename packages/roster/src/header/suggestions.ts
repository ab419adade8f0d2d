import { distance } from 'fastest-levenshtein';
import { COLUMNS, type Column } from '../columns.ts';
import { isInvisible } from '../invisible-marks.ts';
import { valuesOfField } from './cells.ts';
import { findColumns } from './find-columns.ts';
import { foldName } from './fold-name.ts';
import type { Header, HeaderSample } from './header.ts';
import { knownCell, namesOfColumn } from './known-names.ts';
import { shownCell } from './shown-cells.ts';
import { likeness } from './told-by-values.ts';

/** What a column of a file might be. Somebody has to say so: suggestions are never applied. */
export type Suggestion = {
  /** Of the field, from 1. */
  position: number;
  /** The header cell; null in a file without a header. */
  cell: string | null;
  column: Column;
  /** From 0 to 1. */
  score: number;
};

/** Suggestions that are made at most. */
export const SUGGESTIONS_MAX = 20;
/** Cells that are looked at, and characters of each. */
const CELLS_MAX = 100;
const CELL_LENGTH_MAX = 60;
const SCORE_MIN = 0.5;
/** Names that differ in more of their letters are not similar. */
const SIMILAR = 0.6;
/** Shorter names are part of too many words. */
const PART_LENGTH_MIN = 4;

/**
 * For the columns that were not found, the fields whose header cells nobody knows and whose name or values are like theirs;
 * the most likely first.
 *
 * @param found how the columns were found; undefined where not all that are required were.
 */
export function suggestionsFor(sample: HeaderSample, found?: Header): Suggestion[] {
  const open = found === undefined ? unnamed(sample) : unread(found);
  const width = sample.cells.length > 0 ? sample.cells.length : Math.max(0, ...sample.rows.map((row) => row.length));
  const suggestions: Suggestion[] = [];
  let looked = 0;
  for (let field = 0; field < width && looked < CELLS_MAX && open.length > 0; field++) {
    const cell = sample.cells[field];
    if (cell !== undefined && (isInvisible(cell) || knownCell(cell) !== undefined)) continue;
    looked++;
    const values = valuesOfField(sample.rows, field);
    const name = cell === undefined ? '' : foldName(cell.slice(0, CELL_LENGTH_MAX));
    const [best] = open
      .map((column) => ({ column, score: scoreOf(column, name, values) }))
      .toSorted((a, b) => b.score - a.score);
    if (best !== undefined && best.score >= SCORE_MIN)
      suggestions.push({ position: field + 1, cell: cell === undefined ? null : shownCell(cell), ...best });
  }
  return suggestions.toSorted((a, b) => b.score - a.score || a.position - b.position).slice(0, SUGGESTIONS_MAX);
}

function unnamed({ cells, rows }: HeaderSample): Column[] {
  const named = findColumns(cells, rows);
  return COLUMNS.filter((column) => !named.has(column));
}

function unread({ map: { positions, constants = {} } }: Header): Column[] {
  return COLUMNS.filter((column) => positions[column] === undefined && constants[column] === undefined);
}

/** Either tells something alone, and both more. A name whose values are something else is often another column's. */
function scoreOf(column: Column, name: string, values: readonly string[]): number {
  const named = nameScore(column, name);
  const like = likeness(column, values);
  const score = 1 - (1 - 0.9 * named) * (1 - 0.7 * like);
  return Math.round(100 * (values.length > 0 && like < 0.1 ? 0.6 * score : score)) / 100;
}

/** How similar a name is to the most similar of a column, from 0 to 1. */
function nameScore(column: Column, name: string): number {
  let best = 0;
  if (name === '') return best;
  for (const known of namesOfColumn(column)) best = Math.max(best, similarity(name, known));
  return best;
}

function similarity(name: string, known: string): number {
  const [shorter, longer] = name.length < known.length ? [name, known] : [known, name];
  // To find the distance takes long, and most are far apart.
  if (shorter.length >= SIMILAR * longer.length) {
    const similar = 1 - distance(name, known) / longer.length;
    if (similar >= SIMILAR) return similar;
  }
  const isPart = known.length >= PART_LENGTH_MIN && name.includes(known);
  return isPart ? 0.5 + (0.3 * known.length) / name.length : 0;
}
