import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import type { Database } from './connection.ts';
import { listEmployees } from './employees.ts';
import { rareTrigrams } from './rare-trigrams.ts';
import { addEmployees } from './testing/employees.ts';

const DIGITS = 'abcdefghij';

/** People whose names are all different, of whom one in twenty is called Xavier, and who have all the same domain. */
function people(count: number, domain: string) {
  return Array.from({ length: count }, (_, index) => {
    const name = [...String(index)].map((digit) => DIGITS[Number(digit)]).join('');
    return { employee_name: index % 20 === 0 ? `Xavier ${name}` : name, email: `${name}@${domain}` };
  });
}

async function find(database: Database, searchTerm: string) {
  const { employees, total } = await listEmployees(database, {
    filter: { searchTerm, company: undefined },
    order: { by: 'id', descending: false },
    after: undefined,
    offset: 0,
    limit: 10,
  });
  return { names: employees.map(({ employee_name }) => employee_name), total };
}

test('of a long term the index is asked for two trigrams that hardly anybody has', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, people(2000, 'acme.com'));
  await database.raw('analyze employees');

  const rare = await rareTrigrams(database, 'wolfeschlegel@acme.com');

  expect(rare).toHaveLength(2);
  for (const trigram of rare) expect('wolfeschlegelZ').toContain(trigram);
});

test('before anything is analyzed, and where nothing is rare, the whole term is asked for', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, people(2000, 'acme.com'));
  expect(await rareTrigrams(database, 'wolfeschlegel')).toEqual([]);

  await database.raw('analyze employees');
  expect(await rareTrigrams(database, '@acme.com')).toEqual([]);
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
  expect(await rareTrigrams(database, '@newcomers')).not.toEqual([]);
  expect(await find(database, '@newcomers')).toMatchObject({ total: 3000 });
  expect(await find(database, 'cdef@newcomers')).toEqual({ names: ['New cdef'], total: 1 });
});
