import { COLUMNS, type Column } from '../columns.ts';
import type { FieldAlternatives, HeaderMap, HeaderSettings } from './header.ts';

/** One field as its index, which costs least. */
export function positionsOf(fields: ReadonlyMap<Column, FieldAlternatives>): HeaderMap['positions'] {
  const positions: HeaderMap['positions'] = {};
  for (const [column, alternatives] of fields) {
    const [first = [], ...others] = alternatives;
    const [field] = first;
    if (field === undefined) continue;
    positions[column] = others.length === 0 && first.length === 1 ? field : alternatives;
  }
  return positions;
}

export function constantsOf({ constants = {} }: HeaderSettings): Pick<HeaderMap, 'constants'> {
  const stated = COLUMNS.flatMap((column) => {
    const value = constants[column];
    return value === undefined ? [] : [[column, value] as const];
  });
  return stated.length === 0 ? {} : { constants: Object.fromEntries(stated) };
}
