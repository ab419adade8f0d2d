import { COLUMNS, type Column, declarationOf } from '../columns.ts';
import { valuesOfField } from './cells.ts';

type Rows = readonly (readonly string[])[];

/** From here on values look like a column, and below the other bound they do not. Between them nobody can tell. */
const LIKE = 0.7;
const UNLIKE = 0.45;
/** Fields that are looked at, and that an error text says something of. */
const FIELDS_MAX = 100;
const SAID_MAX = 20;

/** How much each field looks like each column, from 0 to 1. */
export type Looks = readonly Readonly<Partial<Record<Column, number>>>[];

export function looksOf(rows: Rows): Looks {
  const width = Math.min(FIELDS_MAX, Math.max(0, ...rows.map((row) => row.length)));
  return Array.from({ length: width }, (_, field) => {
    const values = valuesOfField(rows, field);
    return Object.fromEntries(COLUMNS.map((column) => [column, likeness(column, values)]));
  });
}

/** How much values look like those of a column: 0, not at all, to 1. */
export function likeness(column: Column, values: readonly string[]): number {
  return values.length === 0 ? 0 : (declarationOf(column).likeness?.(values) ?? 0);
}

/**
 * The field of each wanted column: the one that looks like it where no other could be. Undefined where a required column
 * has none, or any column more than one.
 */
export function toldByValues(
  looks: Looks,
  wanted: readonly Column[],
  taken: ReadonlySet<number>,
): Map<Column, number> | undefined {
  const told = new Map<Column, number>();
  for (const column of wanted) {
    const scores = [...looks.entries()]
      .filter(([field]) => !taken.has(field))
      .map(([field, look]) => ({ field, score: look[column] ?? 0 }))
      .toSorted((a, b) => b.score - a.score);
    const [best, second] = scores;
    if (best === undefined || best.score < LIKE) {
      if (declarationOf(column).required) return undefined;
      continue;
    }
    if ((second?.score ?? 0) > UNLIKE) return undefined;
    told.set(column, best.field);
  }
  return new Set(told.values()).size === told.size ? told : undefined;
}

/** Which field looks like what, for an error text. */
export function saidOfLooks(looks: Looks): string {
  const said = looks.slice(0, SAID_MAX).flatMap((look, index) => {
    const columns = COLUMNS.filter((column) => (look[column] ?? 0) > UNLIKE);
    return columns.length === 0 ? [] : [`field ${index + 1} looks like ${columns.join(' or ')}`];
  });
  return said.length === 0 ? '' : `By the values, ${said.join(', ')}.`;
}
