import type { Column } from '../columns.ts';
import { FAMILY_NAME_FIRST, LANGUAGES, type Language, NAME_PARTS, type NamePart } from '../header-names/languages.ts';
import type { PartNames } from '../header-names/name-parts.ts';
import { type KnownField, surest } from './known-names.ts';

/** Lists of fields to be joined, more than one where a part has several columns; and fields that are no whole value therefore. */
export type FoundParts = { joined: readonly (readonly number[])[]; usedAsPart: ReadonlySet<number> };

type Rows = readonly (readonly string[])[];
type FieldsOfParts = Record<NamePart, readonly number[]>;

const NO_PARTS: FoundParts = { joined: [], usedAsPart: new Set() };

/** The columns in which a file has the parts of a value: those of one language, the given and the family name at least. */
export function findParts(
  column: Column,
  { wholeOrPartRank }: PartNames,
  known: readonly KnownField[],
  rows: Rows,
): FoundParts {
  const fieldsOf = (language: Language, part: NamePart | undefined, rank?: number) =>
    bestFields(
      known.flatMap(({ field, isSure, meanings }) =>
        meanings
          .filter(
            (meaning) => meaning.column === column && meaning.part === part && meaning.languages.includes(language),
          )
          .filter((meaning) => rank === undefined || meaning.rank === rank)
          .map((meaning) => ({ field, isSure, rank: meaning.rank })),
      ),
    );
  for (const language of LANGUAGES) {
    const parts: FieldsOfParts = {
      given: fieldsOf(language, 'given'),
      middle: fieldsOf(language, 'middle'),
      family: fieldsOf(language, 'family'),
      secondFamily: fieldsOf(language, 'secondFamily'),
    };
    const all = completed(parts, fieldsOf(language, undefined, wholeOrPartRank), rows);
    if (all !== undefined)
      return { joined: combinations(all, language), usedAsPart: new Set(NAME_PARTS.flatMap((part) => all[part])) };
  }
  return NO_PARTS;
}

/** Those of the best rank. */
function bestFields(found: readonly { field: number; isSure: boolean; rank: number }[]): number[] {
  const candidates = surest(found);
  const best = Math.min(...candidates.map(({ rank }) => rank));
  return candidates.filter(({ rank }) => rank === best).map(({ field }) => field);
}

/** Both names, one of them perhaps under the name of the whole; undefined where a file has only one. */
function completed(parts: FieldsOfParts, wholes: readonly number[], rows: Rows): FieldsOfParts | undefined {
  const { given, family } = parts;
  if (given.length > 0 && family.length > 0) return parts;
  const [whole] = wholes;
  const named = [...given, ...family];
  if (whole === undefined || wholes.length > 1 || named.length === 0) return undefined;
  if (named.some((part) => holds(rows, whole, part))) return undefined;
  return given.length > 0 ? { ...parts, family: [whole] } : { ...parts, given: [whole] };
}

/** Whether most values of one field have those of the other among their words: `Jane Doe` beside `Jane`. */
function holds(rows: Rows, whole: number, part: number): boolean {
  const pairs = rows.map((row) => [wordsOf(row[whole]), wordsOf(row[part])] as const);
  const filled = pairs.filter(([wholeWords, partWords]) => wholeWords.length > 0 && partWords.length > 0);
  const held = filled.filter(([wholeWords, partWords]) => partWords.every((word) => wholeWords.includes(word)));
  return held.length * 2 > filled.length;
}

const VALUE_MAX = 300;

function wordsOf(value = ''): string[] {
  return value
    .slice(0, VALUE_MAX)
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}

/** The names in the order that the language writes, for each choice among columns of one name. */
function combinations(parts: FieldsOfParts, language: Language): number[][] {
  const { given, middle, family, secondFamily } = parts;
  const order = FAMILY_NAME_FIRST.includes(language)
    ? [family, secondFamily, given, middle]
    : [given, middle, family, secondFamily];
  return order
    .filter((fields) => fields.length > 0)
    .reduce<number[][]>(
      (all, fields) => all.flatMap((some) => fields.map((field) => [...some, field])).slice(0, 20),
      [[]],
    );
}
