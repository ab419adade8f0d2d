import { COLUMNS, type Column, declarationOf } from '../columns.ts';
import type { Warning } from '../warning.ts';
import { valuesOfField } from './cells.ts';
import type { Candidate, FoundColumns } from './find-columns.ts';
import type { FieldAlternatives } from './header.ts';
import { quoteCell } from './shown-cells.ts';

type Rows = readonly (readonly string[])[];

/** The fields that each column is read from; and the fields among which there is no choice. */
export type ChosenColumns = {
  chosen: ReadonlyMap<Column, FieldAlternatives>;
  ambiguous: ReadonlyMap<Column, readonly number[]>;
};

/** Of several candidates for a column the best, and the others where that one is blank. */
export function chooseColumns(found: FoundColumns, rows: Rows): ChosenColumns {
  const chosen = new Map<Column, FieldAlternatives>();
  const ambiguous = new Map<Column, readonly number[]>();
  for (const [column, candidates] of found) {
    const [best] = candidates;
    if (best === undefined) continue;
    const equals = candidates.filter(({ rank }) => rank === best.rank);
    if (equals.length > 1) ambiguous.set(column, [...new Set(equals.flatMap(({ fields }) => fields))]);
    else
      chosen.set(
        column,
        [best, ...othersOf(column, candidates, rows)].map(({ fields }) => fields),
      );
  }
  return { chosen, ambiguous };
}

/** In the order of their ranks. Of two with one rank neither is taken, nor one whose values are something else. */
function othersOf(column: Column, candidates: readonly Candidate[], rows: Rows): Candidate[] {
  return candidates
    .slice(1)
    .filter(({ rank }) => candidates.filter((other) => other.rank === rank).length === 1)
    .filter(({ fields }) => fields.every((field) => mayBe(column, valuesOfField(rows, field))));
}

/** Whether the rules let pass half of the values or more. */
function mayBe(column: Column, values: readonly string[]): boolean {
  const { clean, check } = declarationOf(column);
  const good = values.filter((value) => check(clean(value)).length === 0).length;
  return good * 2 >= values.length;
}

/** Other columns that a warning names. */
const SAID_MAX = 10;

/** What is said of columns that could be read from more than one place. */
export function choiceWarnings(chosen: ReadonlyMap<Column, FieldAlternatives>, cells: readonly string[]): Warning[] {
  return COLUMNS.flatMap((column) => {
    const [first = [], ...others] = chosen.get(column) ?? [];
    if (others.length === 0) return [];
    const rest = others
      .slice(0, SAID_MAX)
      .map((fields) => namesOf(fields, cells))
      .join(', then ');
    const text = `${column} is read from ${namesOf(first, cells)}, and where that is blank from ${rest}`;
    return [{ code: 'column_chosen', column, text, count: others.length + 1, lines: [] }];
  });
}

function namesOf(fields: readonly number[], cells: readonly string[]): string {
  return fields.map((field) => quoteCell(cells[field] ?? '')).join(' and ');
}
