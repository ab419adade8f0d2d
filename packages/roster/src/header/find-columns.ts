import { COLUMNS, type Column, declarationOf } from '../columns.ts';
import { findParts } from './find-parts.ts';
import { type KnownField, knownCell, surest } from './known-names.ts';

/** Fields that a column can be read from, joined where there are several. Of two candidates the lower rank is better. */
export type Candidate = { fields: readonly number[]; rank: number };

/** The candidates of each column that has any, the best first. */
export type FoundColumns = ReadonlyMap<Column, readonly Candidate[]>;

/**
 * Which fields each column can be read from, by their names alone or, where names mean one thing or another, by their values.
 *
 * @param rows some of the file's rows.
 * @param taken fields that are something else.
 */
export function findColumns(
  cells: readonly string[],
  rows: readonly (readonly string[])[],
  taken: ReadonlySet<number> = new Set(),
): FoundColumns {
  const known = cells.flatMap((cell, field) => {
    const meaning = taken.has(field) ? undefined : knownCell(cell);
    return meaning === undefined ? [] : [{ ...meaning, field }];
  });
  const found = new Map<Column, readonly Candidate[]>();
  if (known.length === 0) return found;
  for (const column of COLUMNS) {
    const candidates = candidatesOf(column, known, rows);
    if (candidates.length > 0) found.set(column, candidates);
  }
  return found;
}

function candidatesOf(
  column: Column,
  known: readonly KnownField[],
  rows: readonly (readonly string[])[],
): readonly Candidate[] {
  const { partNames } = declarationOf(column);
  if (partNames === undefined) return sorted(wholesOf(column, known));
  const { wholeOrPartRank } = partNames;
  const { joined, usedAsPart } = findParts(column, partNames, known, rows);
  const wholes = wholesOf(
    column,
    known.filter(({ field }) => !usedAsPart.has(field)),
  );
  const clear = wholes.filter(({ rank }) => rank <= wholeOrPartRank);
  // After the whole names that are clear, and instead of the others.
  const parts = joined.map((fields) => ({ fields, rank: wholeOrPartRank + 0.5 }));
  return sorted(clear.length + parts.length > 0 ? [...clear, ...parts] : wholes);
}

function wholesOf(column: Column, known: readonly KnownField[]): Candidate[] {
  const candidates = known.flatMap(({ field, isSure, meanings }) => {
    const ranks = meanings.filter((meaning) => meaning.column === column && meaning.part === undefined);
    if (ranks.length === 0) return [];
    return [{ isSure, candidate: { fields: [field], rank: Math.min(...ranks.map(({ rank }) => rank)) } }];
  });
  return surest(candidates).map(({ candidate }) => candidate);
}

function sorted(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((a, b) => a.rank - b.rank || (a.fields[0] ?? 0) - (b.fields[0] ?? 0));
}
