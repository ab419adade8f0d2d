import { COLUMNS, type Column, declarationOf } from '../columns.ts';
import {
  LANGUAGES,
  type Language,
  NAME_PARTS,
  type NamePart,
  type NamesByLanguage,
  ranksOf,
} from '../header-names/languages.ts';
import { foldName } from './fold-name.ts';
import { withoutHints } from './hints.ts';

/** What a header cell can mean: a column as a whole, or a part of one. */
export type Meaning = {
  column: Column;
  /** The lower, the better; see `HeaderNames`. */
  rank: number;
  /** Undefined where it is the whole value. */
  part: NamePart | undefined;
  languages: readonly Language[];
};

/** A cell that is known, and whether as it stands or only without what stands in brackets. */
export type KnownCell = { meanings: readonly Meaning[]; isSure: boolean };

/** A header cell that is known, and where it stands. */
export type KnownField = KnownCell & { field: number };

/** A name that is known only without its hint counts where no other does: `氏名（カナ）` beside `氏名`. */
export function surest<Found extends { isSure: boolean }>(found: readonly Found[]): readonly Found[] {
  const sure = found.filter(({ isSure }) => isSure);
  return sure.length > 0 ? sure : found;
}

/** Characters of a header cell that can name a column, with much room for what is left out. */
const CELL_MAX = 200;
/** Languages in which one cell may name a column. */
const NAMES_IN_CELL = 3;
/** A second e-mail address is read where all better columns are blank. */
const RANKS_PER_NUMBER = 100;

const NAMES_BY_COLUMN = COLUMNS.map((column) => ({ column, names: namesOf(column) }));

const MEANINGS: ReadonlyMap<string, readonly Meaning[]> = new Map(
  Object.entries(
    Object.groupBy(
      NAMES_BY_COLUMN.flatMap(({ names }) => names),
      ({ name }) => name,
    ),
  ).map(([name, entries = []]) => [name, merged(entries.map(({ meaning }) => meaning))]),
);

const NAMES_OF_COLUMN: ReadonlyMap<Column, readonly string[]> = new Map(
  NAMES_BY_COLUMN.map(({ column, names }) => [column, [...new Set(names.map(({ name }) => name))]]),
);

/** All names of a column and of its parts as they are compared: for telling which of them another name is similar to. */
export function namesOfColumn(column: Column): readonly string[] {
  return NAMES_OF_COLUMN.get(column) ?? [];
}

/** The column that a header cell names as a whole, if it is one of ours. */
export function columnNamed(cell: string): Column | undefined {
  return knownCell(cell)?.meanings.find(({ part }) => part === undefined)?.column;
}

/** What a header cell means, if it is one of ours. */
export function knownCell(cell: string): KnownCell | undefined {
  if (cell === '' || cell.length > CELL_MAX) return undefined;
  const meanings = meaningsOf(foldName(cell));
  if (meanings !== undefined) return { meanings, isSure: true };
  for (const plain of withoutHints(cell)) {
    const hinted = meaningsOf(foldName(plain));
    if (hinted !== undefined) return { meanings: hinted, isSure: false };
  }
  const both = meaningsInBoth(cell);
  return both && { meanings: both, isSure: false };
}

function meaningsOf(name: string): readonly Meaning[] | undefined {
  return MEANINGS.get(name) ?? numbered(name) ?? prefixed(name);
}

/** `Nom / Name`, `Firma | Company`: names in two languages of one thing. */
function meaningsInBoth(cell: string): Meaning[] | undefined {
  if (!/[/|\n]/.test(cell)) return undefined;
  const names = cell.split(/[/|\n]+/, NAMES_IN_CELL + 1);
  if (names.length > NAMES_IN_CELL) return undefined;
  const [first, ...others] = names.map((name) => meaningsOf(foldName(name)));
  if (first === undefined || others.length === 0 || others.includes(undefined)) return undefined;
  const same = first.filter(({ column, part }) =>
    others.every((other) => other?.some((meaning) => meaning.column === column && meaning.part === part)),
  );
  return same.length === 0 ? undefined : same;
}

/** Whose name, number or address it is. */
const PREFIX =
  /^(?:workcontact|personalcontact|employees?|emp|staff|worker|person|member|associate|mitarbeiter)(?=\p{L})/u;

/** `Employee mobile phone`, `staff_company`. */
function prefixed(name: string): readonly Meaning[] | undefined {
  const rest = name.replace(PREFIX, '');
  return rest === name ? undefined : (MEANINGS.get(rest) ?? numbered(rest));
}

/** `Phone 2`, `E-mail 1 - Value`: what the name without its number means, after all that have a lower number or none. */
function numbered(name: string): Meaning[] | undefined {
  const [, before = '', digit = '', after = ''] = /^(\p{L}+)([1-9])(\p{L}*)$/u.exec(name) ?? [];
  const meanings = MEANINGS.get(before + after)?.filter(({ column, part }) => isNumbered(column) && part === undefined);
  if (meanings === undefined || meanings.length === 0) return undefined;
  return meanings.map((meaning) => ({ ...meaning, rank: meaning.rank + (Number(digit) - 1) * RANKS_PER_NUMBER }));
}

function isNumbered(column: Column): boolean {
  return declarationOf(column).numbered === true;
}

type NamedMeaning = { name: string; meaning: Meaning };

function namesOf(column: Column): NamedMeaning[] {
  const { headerNames, partNames } = declarationOf(column);
  const wholes = ranksOf(headerNames).flatMap((names, rank) => folded(names, { column, rank, part: undefined }));
  if (partNames === undefined) return wholes;
  const parts = NAME_PARTS.flatMap((part) =>
    partNames.parts[part].flatMap((names, rank) => folded(names, { column, rank, part })),
  );
  return [...wholes, ...parts];
}

function folded(names: NamesByLanguage, meaning: Omit<Meaning, 'languages'>): NamedMeaning[] {
  return LANGUAGES.flatMap((language) =>
    (names[language] ?? []).map((name) => ({ name: foldName(name), meaning: { ...meaning, languages: [language] } })),
  );
}

/** One meaning where several languages have the same word for the same thing. */
function merged(meanings: readonly Meaning[]): Meaning[] {
  const kept: Meaning[] = [];
  for (const { column, part, rank, languages } of meanings) {
    const same = kept.find((other) => other.column === column && other.part === part && other.rank === rank);
    if (same === undefined) kept.push({ column, part, rank, languages: [...languages] });
    else kept[kept.indexOf(same)] = { ...same, languages: [...same.languages, ...languages] };
  }
  return kept;
}
