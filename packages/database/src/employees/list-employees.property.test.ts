import { setupDatabase } from '@rowferry/testing';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { addEmployees, listed } from '../../test/employees.ts';
import { indexEmployees } from '../../test/search-index.ts';
import { connect, type Database } from '../connection/connect.ts';
import { EMPLOYEE_SORTS } from './employee-order.ts';
import { readEmployees } from './export-employees.ts';
import { listEmployees } from './list-employees.ts';

/**
 * Characters that stand for others in the search key, and those that they stand for: signs, wildcards, digits, letters of
 * several scripts in both cases, and what separates name and address.
 */
const CHARACTERS = [..."aAbqQxXzZiIlLdDjJ .@-_%\\'’+éÉжЖΣσς漢字🚢01234567\x1f"];

/** JavaScript tells a sigma at the end of a word from others, readers of names do not. */
const folded = (text: string) => text.toLowerCase().replaceAll('ς', 'σ');

const word = (max: number) =>
  fc.array(fc.constantFrom(...CHARACTERS), { minLength: 1, maxLength: max }).map((characters) => characters.join(''));

const people = fc.uniqueArray(
  fc.record({ employee_name: word(8), email: word(14).map((email) => email.toLowerCase()) }),
  {
    selector: ({ email }) => email,
    minLength: 1,
    maxLength: 30,
  },
);

/** Up to which id employees are in the search index, and what becomes of some afterwards: another name, or they are gone. */
const searchIndex = fc.record({
  indexedTo: fc.nat(30),
  changes: fc.array(fc.record({ id: fc.integer({ min: 1, max: 30 }), name: fc.option(word(8)) }), { maxLength: 6 }),
});

async function indexInTwo(database: Database, indexedTo: number): Promise<void> {
  if (indexedTo < 2) return;
  const half = Math.floor(indexedTo / 2);
  expect(await indexEmployees(database, { lastId: half })).toBe(true);
  expect(await indexEmployees(database, { afterId: half, lastId: indexedTo })).toBe(true);
}

async function changeEmployee(database: Database, { id, name }: { id: number; name: string | null }): Promise<void> {
  if (name === null) await database.raw('delete from employees where id = ?', [id]);
  else await database.raw('update employees set employee_name = ? where id = ?', [name, id]);
}

/** A small table is scanned, whatever indexes it has; unless the planner is told to avoid that. */
async function setupPlanner(scans: 'on' | 'off'): Promise<Database> {
  const { database: direct, databaseUrl } = await setupDatabase();
  await direct.raw(`alter database ${new URL(databaseUrl).pathname.slice(1)} set enable_seqscan = ${scans}`);
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  return database;
}

test.each(['on', 'off'] as const)(
  'a list has exactly those whose name or e-mail contains the term, in order, in every page (scans %s)',
  async (scans) => {
    const database = await setupPlanner(scans);
    const property = fc.asyncProperty(
      people,
      fc.array(word(3), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(...EMPLOYEE_SORTS),
      fc.boolean(),
      fc.boolean(),
      searchIndex,
      async (employees, terms, by, descending, isAnalyzed, { indexedTo, changes }) => {
        await database.raw('truncate employees restart identity');
        await addEmployees(database, employees);
        await indexInTwo(database, Math.min(indexedTo, employees.length));
        for (const change of changes) await changeEmployee(database, change);
        if (isAnalyzed) await database.raw('analyze employees');
        const order = { by, descending };
        const { rows } = await database.raw<{ rows: { id: number; employee_name: string; email: string }[] }>(
          `select id, employee_name, email from employees order by ${by} ${descending ? 'desc' : 'asc'}, id ${descending ? 'desc' : 'asc'}`,
        );
        const longTerms = employees.slice(0, 4).map(({ email }) => [...email].slice(1).join(''));
        for (const searchTerm of [...terms, ...longTerms].filter((term) => term !== '')) {
          const contains = (text: string) => folded(text).includes(folded(searchTerm));
          const expected = rows.filter(({ employee_name, email }) => contains(employee_name) || contains(email));
          const expectedIds = expected.map(({ id }) => id);
          const query = { filter: { searchTerm, company: undefined }, order, after: undefined, limit: 4 };

          const exported: number[] = [];
          for await (const batch of readEmployees(database, query)) exported.push(...batch.map(({ id }) => id));
          expect(exported).toEqual(expectedIds);
          for (let offset = 0; offset <= expectedIds.length; offset += 4) {
            const page = await listEmployees(database, { ...query, offset });
            expect(listed(page).map(({ id }) => id)).toEqual(expectedIds.slice(offset, offset + 4));
            expect(page.total).toBe(expectedIds.length);
          }
        }
      },
    );
    await fc.assert(property, { numRuns: 40 });
  },
);
