import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { addEmployees, listed } from '../../test/employees.ts';
import { validRow } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { writeRows } from '../row-writes/write-rows.ts';
import { listEmployees } from './list-employees.ts';

function page(database: Database, offset: number, descending = false) {
  const filter = { searchTerm: undefined, company: undefined };
  return listEmployees(database, { filter, order: { by: 'id', descending }, after: undefined, offset, limit: 10 });
}

test('the total follows whatever adds and removes employees, and what is rolled back changes nothing', async () => {
  const { database } = await setupDatabase();
  const total = async () => (await page(database, 0)).total;
  expect(await total()).toBe(0);

  await addEmployees(database, [{}, {}, {}]);
  expect(await total()).toBe(3);
  await database.raw(`delete from employees where email = 'e1@x.org'`);
  expect(await total()).toBe(2);
  await database.raw(`update employees set employee_name = 'Eve'`);
  expect(await total()).toBe(2);
  await database.transaction(async (transaction) => {
    await transaction.raw('delete from employees');
    await transaction.rollback();
  });
  expect(await total()).toBe(2);
  await database.raw('truncate employees');
  expect(await total()).toBe(0);
});

test('the total is right after many batches at the same time that add some and update others', async () => {
  const { database } = await setupDatabase();
  const uploadIds = Array.from({ length: 6 }, (_, index) => `019a0000-0000-7000-8000-00000000000${index}`);
  const batches = uploadIds.flatMap((uploadId, upload) =>
    Array.from({ length: 5 }, (_, batch) =>
      Array.from({ length: 40 }, (_, row) => {
        const line = 2 + batch * 40 + row;
        return validRow({ uploadId, line, email: `${(upload * 100 + line) % 350}@x.org` });
      }),
    ),
  );

  await Promise.all(batches.map((batch) => writeRows(database, batch, [])));

  const { rows } = await database.raw<{ rows: { there: number }[] }>('select count(*) as there from employees');
  expect(rows[0]?.there).toBe(350);
  expect((await page(database, 0)).total).toBe(350);
});

test('a far page is the right one, whatever gaps the ids have, from the first and from the last', async () => {
  const { database } = await setupDatabase();
  // Ids over five blocks of 65,536, one of which is then empty, with gaps of many lengths.
  await database.raw(
    `insert into employees (id, employee_name, company_name, mobile_no, email, received_at, upload_id, line)
     overriding system value
     select n * 11 + n % 7, 'Ada', 'Acme', '0123456789', n || '@x.org', now(), '019a0000-0000-7000-8000-000000000001', n
     from generate_series(1, 28000) n`,
  );
  await database.raw('delete from employees where id between 131072 and 196607 or line % 13 = 0');
  const { rows } = await database.raw<{ rows: { id: number }[] }>('select id from employees order by id');
  const ascending = rows.map(({ id }) => id);
  expect(ascending.length).toBeGreaterThan(18_000);

  for (const descending of [false, true]) {
    const expected = descending ? ascending.toReversed() : ascending;
    for (const offset of [
      9_999,
      10_000,
      10_995,
      10_996,
      11_000,
      12_345,
      expected.length - 3,
      expected.length,
      1_000_000,
    ]) {
      const found = await page(database, offset, descending);
      expect(
        listed(found).map(({ id }) => id),
        `offset ${offset}`,
      ).toEqual(expected.slice(offset, offset + 10));
      expect(found.total).toBe(expected.length);
      expect(found.next !== undefined).toBe(offset + 10 < expected.length);
    }
  }
});
