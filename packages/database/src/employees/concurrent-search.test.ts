import { setupDatabase } from '@rowferry/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexEmployees } from '../../test/search-index.ts';
import type { Database } from '../connection/connect.ts';
import { sqlState } from '../connection/error-class.ts';
import { filterBindings, findMatching } from './employee-search.ts';
import { BY_TERM } from './index-lookup.ts';
import { searchByRanges } from './search-ranges.ts';

/** None can occur in an address, which has hexadecimal digits. */
const NAMES = ['Ylva', 'Otto', 'Uwe'];
const DEADLOCK = '40P01';

type Change = { kind: 'add' | 'rename' | 'remove' | 'move'; id: number; name: string };

const change = fc.record<Change>({
  kind: fc.constantFrom('add', 'add', 'add', 'rename', 'remove', 'move'),
  id: fc.integer({ min: 1, max: 40 }),
  name: fc.constantFrom(...NAMES),
});
/** For each writer its transactions, and of each what it changes. */
const writers = fc.array(fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), {
  minLength: 2,
  maxLength: 3,
});

async function apply(database: Database, { kind, id, name }: Change): Promise<void> {
  switch (kind) {
    case 'add':
      await database.raw(
        `insert into employees (employee_name, company_name, email, received_at, upload_id, line)
         values (?, 'Acme', gen_random_uuid() || '@x.org', now(), '019a0000-0000-7000-8000-000000000001', 2)`,
        [name],
      );
      break;
    case 'rename':
      await database.raw('update employees set employee_name = ? where id = ?', [name, id]);
      break;
    case 'remove':
      await database.raw('delete from employees where id = ?', [id]);
      break;
    case 'move':
      // A name to and fro: what is forgotten of the first must not be what the second left.
      await database.raw(`update employees set employee_name = employee_name || 'x' where id = ?`, [id]);
      await database.raw(`update employees set employee_name = ? where id = ?`, [name, id]);
      break;
  }
}

async function write(database: Database, transactions: readonly (readonly Change[])[]): Promise<void> {
  for (const changes of transactions) {
    await database
      .transaction(async (transaction) => {
        for (const one of changes) await apply(transaction, one);
      })
      .catch((error: unknown) => {
        if (sqlState(error) !== DEADLOCK) throw error;
      });
  }
}

/** Builds ranges up to the newest employee until the writers are done, and the last two as one now and then. */
async function build(database: Database, isDone: () => boolean): Promise<number> {
  let built = 0;
  while (!isDone()) {
    const { rows } = await database.raw<{
      rows: { before: number | null; after: number | null; newest: number | null }[];
    }>(
      `select (select last_id from employee_search_ranges order by 1 desc offset 1 limit 1) as before,
         (select max(last_id) from employee_search_ranges) as after, (select max(id) from employees) as newest`,
    );
    const { before = null, after = null, newest = null } = rows[0] ?? {};
    const isNew = newest !== null && newest > (after ?? 0);
    const range = isNew ? { afterId: built % 3 === 2 ? before : after, lastId: newest } : { lastId: after ?? 0 };
    if (range.lastId === 0) continue;
    const isBuilt = await indexEmployees(database, range).catch((error: unknown) => {
      if (sqlState(error) === '55P03') return false;
      throw error;
    });
    if (isBuilt) built++;
  }
  return built;
}

/** Who has the name by the search index, and by a look at each, as of one moment. */
async function compare(database: Database, name: string): Promise<void> {
  const filter = { searchTerm: name, company: undefined };
  await searchByRanges(database, async (ranges) =>
    database.transaction(
      async (transaction) => {
        const found = await transaction.raw<{ rows: { id: number }[] }>(
          `${findMatching(['id'], filter, BY_TERM, ranges)} order by id`,
          filterBindings(filter, BY_TERM, ranges),
        );
        const looked = await transaction.raw<{ rows: { id: number }[] }>(
          'select id from employees where employee_name ilike ? order by id',
          [`%${name}%`],
        );
        expect(found.rows).toEqual(looked.rows);
      },
      { isolationLevel: 'repeatable read' },
    ),
  );
}

test('while several write and ranges are built, every search finds exactly those who are there', async () => {
  const { database } = await setupDatabase();
  let builtInAll = 0;
  await fc.assert(
    fc.asyncProperty(writers, async (all) => {
      await database.raw('truncate employees restart identity');
      let isDone = false;
      const building = build(database, () => isDone);
      const writing = Promise.all(all.map((transactions) => write(database, transactions)));
      for (const name of NAMES) await compare(database, name);
      await writing;
      isDone = true;
      builtInAll += await building;
      for (const name of NAMES) await compare(database, name);
    }),
    { numRuns: 30 },
  );
  expect(builtInAll).toBeGreaterThan(30);
});
