import type { NameFacts, RenamingRow, SharedAddress } from '@rowferry/database';
import { KEY_COLUMN, NAME_COLUMN, type OutcomeCounts, WARNING_LINES_MAX, type Warning } from '@rowferry/roster';

/** What a text names: more of it nobody reads. */
const ROWS_MAX = 5;
const ADDRESSES_MAX = 3;
const NAMES_MAX = 5;
/** Of a name, in characters. One may have 200. */
const NAME_LENGTH_MAX = 60;

type Facts = NameFacts & Pick<OutcomeCounts, 'updated' | 'unchanged'>;

/**
 * What the rows of an upload warn of by their names: several people on one address, and people who are there already and get
 * another name.
 *
 * @param naming whether the texts name people: in answers to those who may read employees, not in events.
 */
export function nameWarnings(facts: Facts, { naming }: { naming: boolean }): Warning[] {
  return [...sharedAddress(facts, naming), ...namesChanged(facts, naming)];
}

function sharedAddress({ shared_addresses: count, shared_names }: Facts, naming: boolean): Warning[] {
  if (count === 0) return [];
  const shared = shared_names ?? [];
  const what = count === 1 ? '1 e-mail address stands' : `${count} e-mail addresses stand`;
  const text =
    `${what} beside several names. An address is one employee: of these rows only the last counts, the others are superseded` +
    (naming ? examples(shared.map(describeShared), ADDRESSES_MAX, count) : '');
  const lines = shared.flatMap((address) => address.lines).toSorted((a, b) => a - b);
  return [{ code: 'shared_address', column: KEY_COLUMN, text, count, lines: lines.slice(0, WARNING_LINES_MAX) }];
}

function namesChanged({ names_changed: count, renaming_rows, updated, unchanged }: Facts, naming: boolean): Warning[] {
  if (count === 0) return [];
  const rows = renaming_rows ?? [];
  const people = updated + unchanged;
  const text =
    `${count} of ${people} ${people === 1 ? 'person who is' : 'people who are'} there already ` +
    (count === 1 ? 'changes the name' : 'change their name') +
    (naming ? examples(rows.map(describeRenaming), ROWS_MAX, count) : '');
  return [{ code: 'names_changed', column: NAME_COLUMN, text, count, lines: rows.map(({ line }) => line) }];
}

function describeShared({ email, names }: SharedAddress): string {
  const more = names.length > NAMES_MAX ? ', …' : '';
  return `${email} (${names.slice(0, NAMES_MAX).map(shortened).join(', ')}${more})`;
}

function describeRenaming({ line, nameBefore }: RenamingRow): string {
  return `line ${line} (was ${shortened(nameBefore)})`;
}

/** @param count of all, of which `described` may be the first ones only. */
function examples(described: readonly string[], max: number, count: number): string {
  const named = described.slice(0, max);
  if (named.length === 0) return '';
  return `: ${named.join('; ')}${count > named.length ? '; …' : ''}`;
}

function shortened(name: string): string {
  const characters = [...name];
  return characters.length <= NAME_LENGTH_MAX ? name : `${characters.slice(0, NAME_LENGTH_MAX).join('')}…`;
}
