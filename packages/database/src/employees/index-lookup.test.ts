import { setupDatabase } from '@rowferry/testing';
import { describe, expect, test } from 'vitest';
import { addEmployees, listed } from '../../test/employees.ts';
import { indexAll } from '../../test/search-index.ts';
import type { Database } from '../connection/connect.ts';
import { filterBindings, findMatching } from './employee-search.ts';
import { indexLookup } from './index-lookup.ts';
import { listEmployees } from './list-employees.ts';
import { searchByRanges } from './search-ranges.ts';

const DIGITS = 'abcdefghij';

/** People whose names are all different, of whom one in twenty is called Xavier, and who have all the same domain. */
function people(count: number, domain: string) {
  return Array.from({ length: count }, (_, index) => {
    const name = [...String(index)].map((digit) => DIGITS[Number(digit)]).join('');
    return { employee_name: index % 20 === 0 ? `Xavier ${name}` : name, email: `${name}@${domain}` };
  });
}

async function find(database: Database, searchTerm: string) {
  const found = await listEmployees(database, {
    filter: { searchTerm, company: undefined },
    order: { by: 'id', descending: false },
    after: undefined,
    offset: 0,
    limit: 10,
  });
  return { names: listed(found).map(({ employee_name }) => employee_name), total: found.total };
}

test('of a long term the index is asked for two trigrams that hardly anybody has', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, people(2000, 'acme.com'));
  await database.raw('analyze employees');

  const lookup = await indexLookup(database, 'wolfeschlegel@acme.com', true);

  const rare = lookup.by === 'trigrams' ? lookup.trigrams : [];
  expect(rare).toHaveLength(2);
  for (const trigram of rare) expect('wolfeschlegel2').toContain(trigram);
});

test('before anything is analyzed, and where nothing is rare, the whole term is asked for', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, people(2000, 'acme.com'));
  expect(await indexLookup(database, 'wolfeschlegel', true)).toEqual({ by: 'term' });

  await database.raw('analyze employees');
  for (const term of ['@acme.com', 'ac', '.C']) expect(await indexLookup(database, term, true)).toEqual({ by: 'term' });
});

test('the same employees are found, whatever was rare when the table was analyzed', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, people(3000, 'acme.com'));
  for (const analyze of [false, true]) {
    if (analyze) await database.raw('analyze employees');
    expect(await find(database, 'cdef@acme.com')).toEqual({ names: ['cdef'], total: 1 });
    expect(await find(database, 'xavier')).toMatchObject({ total: 150 });
    expect(await find(database, 'xavier cdef')).toEqual({ names: [], total: 0 });
    expect(await find(database, '@acme.com')).toMatchObject({ total: 3000 });
    expect(await find(database, '.comacme.com')).toEqual({ names: [], total: 0 });
  }

  await addEmployees(
    database,
    people(3000, 'newcomers.org').map((person) => ({ ...person, employee_name: `New ${person.employee_name}` })),
  );
  expect(await indexLookup(database, '@newcomers', true)).toMatchObject({ by: 'trigrams' });
  expect(await find(database, '@newcomers')).toMatchObject({ total: 3000 });
  expect(await find(database, 'cdef@newcomers')).toEqual({ names: ['New cdef'], total: 1 });
});

describe('two characters that hardly anybody has', () => {
  // Each has something else behind its pairs: a letter, a digit, a sign, what is beyond ASCII, the end of name and address.
  const RARE = ['Zq Zqa', 'zq7', 'ZQ', 'a.zq', 'Zq-é', 'Zqé', '7q~', '&q', 'q&%', 'q', "O'Zq", '漢zq'].map(
    (employee_name, index) => ({ employee_name, email: `q${index}@x.q${index % 2 === 0 ? 'z' : 'zq'}` }),
  );
  const PAIRS = [
    'zq',
    'ZQ',
    'qz',
    'q7',
    '7q',
    'q-',
    '-é',
    'q&',
    '&q',
    '&%',
    '%&',
    'q~',
    '.q',
    '.z',
    '@x',
    'x@',
    "'z",
    'qé',
    'éq',
  ];

  test('are what the index is asked for', async () => {
    const { database } = await setupDatabase();
    await addEmployees(database, [...people(2000, 'acme.com'), ...RARE]);
    await database.raw('analyze employees');

    for (const isRareNearby of [true, false])
      expect(await indexLookup(database, 'zq', isRareNearby)).toEqual({ by: 'pair' });
    for (const term of ['z', '漢', 'é7', 'zqa'])
      expect(await indexLookup(database, term, true)).toEqual({ by: 'term' });

    await indexAll(database);
    const plan = await planOf(database, 'zq');
    expect(plan).toMatch(/Bitmap Index Scan on employee_search_\d+_search_key_idx/);
    expect(plan).not.toContain('Seq Scan');
  });

  test('are those that the first employees hardly have, before anything is analyzed', async () => {
    const { database } = await setupDatabase();
    await addEmployees(database, people(100, 'acme.com'));

    expect(await indexLookup(database, 'zq', true)).toEqual({ by: 'pair' });
    expect(await indexLookup(database, 'ac', false)).toEqual({ by: 'term' });
    expect(await indexLookup(database, 'z', true)).toEqual({ by: 'term' });
  });

  test('are found wherever they are', async () => {
    const { database } = await setupDatabase();
    // More than are looked at before the index is asked.
    await addEmployees(database, [...people(6000, 'acme.com'), ...RARE]);
    await database.raw('analyze employees');
    await indexAll(database);

    for (const pair of PAIRS) {
      const names = RARE.filter(({ employee_name, email }) =>
        [employee_name, email].some((value) => value.toLowerCase().includes(pair.toLowerCase())),
      ).map(({ employee_name }) => employee_name);
      expect({ pair, ...(await find(database, pair)) }).toEqual({
        pair,
        names: names.slice(0, 10),
        total: names.length,
      });
    }
  });
});

/** How Postgres finds all that have the term, were it not to scan the table where it need not. */
async function planOf(database: Database, searchTerm: string): Promise<string> {
  const filter = { searchTerm, company: undefined };
  const lookup = await indexLookup(database, searchTerm, true);
  const ranges = await searchByRanges(database, async (found) => found);
  return database.transaction(async (transaction) => {
    await transaction.raw('set local enable_seqscan = off');
    const { rows } = await transaction.raw<{ rows: { 'QUERY PLAN': string }[] }>(
      `explain ${findMatching(['id'], filter, lookup, ranges)}`,
      filterBindings(filter, lookup, ranges),
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}
