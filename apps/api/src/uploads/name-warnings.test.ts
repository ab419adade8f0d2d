import type { NameFacts } from '@rowferry/database';
import { expect, test } from 'vitest';
import { nameWarnings } from './name-warnings.ts';

const NAMING = { naming: true };
const NOTHING: NameFacts & { updated: number; unchanged: number } = {
  names_changed: 0,
  renaming_rows: null,
  shared_addresses: 0,
  shared_names: null,
  updated: 3,
  unchanged: 1,
};
const YARD = { email: 'yard@x.org', names: ['Abe Cole', 'Bea Dunn', 'Cy Eads'], lines: [2, 3, 4] };

test('an upload that does nothing to names warns of nothing', () => {
  expect(nameWarnings(NOTHING, NAMING)).toEqual([]);
});

test('several people on one address are named, with their lines', () => {
  expect(nameWarnings({ ...NOTHING, shared_addresses: 1, shared_names: [YARD] }, NAMING)).toEqual([
    {
      code: 'shared_address',
      column: 'email',
      text:
        '1 e-mail address stands beside several names. An address is one employee: of these rows only the last counts, the ' +
        'others are superseded: yard@x.org (Abe Cole, Bea Dunn, Cy Eads)',
      count: 1,
      lines: [2, 3, 4],
    },
  ]);
});

test('of many addresses and many names the first are named, and the first ten lines told in file order', () => {
  const crowd = {
    email: 'crowd@x.org',
    names: Array.from({ length: 10 }, (_, index) => `Person ${index}`),
    lines: Array.from({ length: 10 }, (_, index) => 10 * index + 5),
  };
  const late = { email: 'late@x.org', names: ['Una', 'Val'], lines: [90, 91] };
  const facts = { ...NOTHING, shared_addresses: 12, shared_names: [YARD, crowd, late, { ...late, email: 'z@x.org' }] };

  expect(nameWarnings(facts, NAMING)).toMatchObject([
    {
      text: expect.stringMatching(
        /^12 e-mail addresses stand .*: yard@x\.org \(.*\); crowd@x\.org \(Person 0, Person 1, Person 2, Person 3, Person 4, …\); late@x\.org \(Una, Val\); …$/,
      ),
      count: 12,
      lines: [2, 3, 4, 5, 15, 25, 35, 45, 55, 65],
    },
  ]);
});

test('people who are there already and get another name are counted among all who are there, with the name before', () => {
  const rows = [
    { line: 7, nameBefore: 'Zoë Müller' },
    { line: 9, nameBefore: 'x'.repeat(200) },
  ];
  expect(nameWarnings({ ...NOTHING, names_changed: 3, renaming_rows: rows }, NAMING)).toEqual([
    {
      code: 'names_changed',
      column: 'employee_name',
      text: `3 of 4 people who are there already change their name: line 7 (was Zoë Müller); line 9 (was ${'x'.repeat(60)}…); …`,
      count: 3,
      lines: [7, 9],
    },
  ]);
  const [one] = nameWarnings(
    { ...NOTHING, updated: 1, unchanged: 0, names_changed: 1, renaming_rows: [{ line: 2, nameBefore: 'Al' }] },
    NAMING,
  );
  expect(one?.text).toBe('1 of 1 person who is there already changes the name: line 2 (was Al)');
});

test('where nobody may be named, everything else is said', () => {
  const facts = {
    ...NOTHING,
    names_changed: 1,
    renaming_rows: [{ line: 7, nameBefore: 'Zoë' }],
    shared_addresses: 1,
    shared_names: [YARD],
  };
  const warnings = nameWarnings(facts, { naming: false });

  expect(warnings).toMatchObject([
    { code: 'shared_address', count: 1, lines: [2, 3, 4], text: expect.stringMatching(/the others are superseded$/) },
    { code: 'names_changed', count: 1, lines: [7], text: '1 of 4 people who are there already changes the name' },
  ]);
  expect(JSON.stringify(warnings)).not.toMatch(/Abe|yard|Zoë/);
});
