import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { addEmployees, listed } from '../../test/employees.ts';
import type { Database } from '../connection/connect.ts';
import { EMPLOYEE_SORTS, type EmployeePosition } from './employee-order.ts';
import type { EmployeeQuery } from './employee-page.ts';
import { type EmployeeList, listEmployees } from './list-employees.ts';

type Asked = Partial<Omit<EmployeeQuery, 'filter'> & EmployeeQuery['filter']>;

function list(database: Database, { searchTerm, company, ...asked }: Asked = {}): Promise<EmployeeList> {
  const order = { by: 'id', descending: false } as const;
  return listEmployees(database, {
    filter: { searchTerm, company },
    order,
    after: undefined,
    offset: 0,
    limit: 10,
    ...asked,
  });
}

const idsOf = (page: EmployeeList) => listed(page).map(({ id }) => id);
const namesOf = (page: EmployeeList) => listed(page).map(({ employee_name }) => employee_name);

/** Every page from the first to the last, each begun where the one before ended. */
async function walk(database: Database, asked: Asked): Promise<EmployeeList[]> {
  const pages: EmployeeList[] = [];
  let after: EmployeePosition | undefined;
  do {
    const page = await list(database, { ...asked, after });
    pages.push(page);
    after = page.next;
  } while (after !== undefined);
  return pages;
}

test('a term is found in name and e-mail, in any case and script, with wildcards and other signs as they are', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, [
    { employee_name: 'José Álvarez', email: 'jose.alvarez@acme-corp.com' },
    { employee_name: '山田 太郎', email: 'yamada_taro@x.jp' },
    { employee_name: 'Дмитрий Иванов', email: '100%@x.ru' },
    { employee_name: "Conan O'Brien \\ Sons", email: 'conan+late@x.org' },
    { employee_name: 'Conan O’Brien 🚢', email: 'obrien@x.org' },
    { employee_name: 'Naqsh Xzj', email: 'q@x.org' },
  ]);
  const found = async (searchTerm: string) => namesOf(await list(database, { searchTerm }));

  expect(await found('JOSÉ')).toEqual(['José Álvarez']);
  expect(await found('álv')).toEqual(['José Álvarez']);
  expect(await found('太')).toEqual(['山田 太郎']);
  expect(await found('山田 太')).toEqual(['山田 太郎']);
  expect(await found('ивАН')).toEqual(['Дмитрий Иванов']);
  expect(await found('%')).toEqual(['Дмитрий Иванов']);
  expect(await found('_')).toEqual(['山田 太郎']);
  expect(await found('\\')).toEqual(["Conan O'Brien \\ Sons"]);
  expect(await found("o'b")).toEqual(["Conan O'Brien \\ Sons"]);
  expect(await found('o’b')).toEqual(['Conan O’Brien 🚢']);
  expect(await found('🚢')).toEqual(['Conan O’Brien 🚢']);
  expect(await found('jose.alvarez@acme-corp')).toEqual(['José Álvarez']);
  expect(await found('jose alvarez')).toEqual([]);
  expect(await found('conan late')).toEqual([]);
  // Letters that stand for signs in the key.
  expect(await found('eqá')).toEqual([]);
  expect(await found('nvo')).toEqual([]);
  expect(await found('q')).toEqual(['Naqsh Xzj']);
  expect(await found('xzj')).toEqual(['Naqsh Xzj']);
  // The digits of é and of what its two bytes are.
  expect(await found('303')).toEqual([]);
  expect(await found('r03s51')).toEqual([]);
  expect(await found('03')).toEqual([]);
  expect(await found('51')).toEqual([]);
});

test('no term is found across the end of the name', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, [{ employee_name: 'Ada', email: 'bob@x.org' }]);

  for (const searchTerm of ['adabob', 'ada bob', 'a\u001fb', "a'b", 'ayb', 'ajb']) {
    expect(await list(database, { searchTerm }), searchTerm).toMatchObject({ employees: [], total: 0 });
  }
});

test.each([...EMPLOYEE_SORTS])(
  'every order by %s has each employee once, page by page and from page to page',
  async (by) => {
    const { database } = await setupDatabase();
    const people = Array.from({ length: 47 }, (_, index) => ({
      employee_name: ['Ann', 'Bob', 'Zoë'][index % 3] ?? '',
      company_name: ['Acme', 'Bolt'][index % 2] ?? '',
      email: `${String((index * 31) % 47).padStart(2, '0')}@x.org`,
    }));
    // Two moments that differ by less than a JavaScript date can tell.
    await addEmployees(database, people.slice(0, 20));
    await addEmployees(database, people.slice(20));
    await database.raw(
      `update employees set created_at = timestamptz '2026-01-01 00:00:00.000001Z' + (id % 3) * interval '1 microsecond'`,
    );

    for (const descending of [false, true]) {
      const direction = descending ? 'desc' : 'asc';
      const { rows } = await database.raw<{ rows: { id: number }[] }>(
        `select id from employees order by ${by} ${direction}, id ${direction}`,
      );
      const expected = rows.map(({ id }) => id);
      for (const searchTerm of [undefined, 'x.org', 'nn']) {
        const order = { by, descending };
        const wanted =
          searchTerm === 'nn' ? expected.filter((id) => people[id - 1]?.employee_name === 'Ann') : expected;
        const byPage: number[] = [];
        for (let offset = 0; offset < wanted.length; offset += 10) {
          const page = await list(database, { order, searchTerm, offset });
          byPage.push(...idsOf(page));
          expect(page.next !== undefined).toBe(offset + 10 < wanted.length);
        }
        const walked = await walk(database, { order, searchTerm, limit: 7 });
        expect(byPage).toEqual(wanted);
        expect(walked.flatMap(idsOf)).toEqual(wanted);
        for (const page of walked) expect(page).toMatchObject({ total: wanted.length, totalRelation: 'eq' });
      }
    }
  },
);

test('an employee is the text that JavaScript would make of it', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, [
    { employee_name: '"Zoë" \\ O’Brien </script> 🚢 漢字', mobile_no: null },
    { employee_name: Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code + 1)).join('') },
    { employee_name: '\x7f\x80\u2028\u2029\ufeff\ufffd', company_name: '' },
  ]);
  await database.raw(
    `update employees set created_at = '2026-01-02 03:04:05.678999+05:30', updated_at = '1969-12-31 23:59:59Z'`,
  );
  const { rows } = await database.raw<{
    rows: { id: number; employee_name: string; company_name: string; mobile_no: string; email: string }[];
  }>('select id, employee_name, company_name, mobile_no, email from employees order by id');
  const moments = { createdAt: '2026-01-01T21:34:05.678Z', updatedAt: '1969-12-31T23:59:59.000Z' };

  const expected = rows.map((row) => JSON.stringify({ ...row, ...moments }));
  expect((await list(database)).employees).toEqual(expected);
  expect((await list(database, { searchTerm: 'x.org' })).employees).toEqual(expected);
});

test('a company is meant letter for letter, alone and with a term', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, [
    { employee_name: 'Ann', company_name: 'Acme' },
    { employee_name: 'Bob', company_name: 'ACME' },
    { employee_name: 'Cid', company_name: 'Acme Ltd' },
    { employee_name: 'Annabel', company_name: 'Acme' },
    { employee_name: 'Dan', company_name: 'Acme' },
  ]);

  const company = await list(database, { company: 'Acme', limit: 2 });
  expect(namesOf(company)).toEqual(['Ann', 'Annabel']);
  expect(company).toMatchObject({ total: 3, totalRelation: 'eq' });
  expect(namesOf(await list(database, { company: 'Acme', after: company.next }))).toEqual(['Dan']);
  const both = await list(database, { company: 'Acme', searchTerm: 'ANN' });
  expect(namesOf(both)).toEqual(['Ann', 'Annabel']);
  expect(both.total).toBe(2);
  expect(await list(database, { company: 'acme' })).toMatchObject({ employees: [], total: 0, next: undefined });
});

test('a total is exact up to 10,000 matches, and of all employees always', async () => {
  const { database } = await setupDatabase();
  await database.raw(
    `insert into employees (employee_name, company_name, mobile_no, email, received_at, upload_id, line)
     select case when n <= 10000 then 'Ann' else 'Bob' end, case when n <= 10001 then 'Acme' else 'Bolt' end, '0123456789',
       n || '@x.org', now(), '019a0000-0000-7000-8000-000000000001', n
     from generate_series(1, 10002) n`,
  );

  expect(await list(database)).toMatchObject({ total: 10_002, totalRelation: 'eq' });
  expect(await list(database, { searchTerm: 'ann' })).toMatchObject({ total: 10_000, totalRelation: 'eq' });
  expect(await list(database, { searchTerm: '@x.org' })).toMatchObject({ total: 10_000, totalRelation: 'gte' });
  expect(await list(database, { company: 'Acme' })).toMatchObject({ total: 10_000, totalRelation: 'gte' });
  const last = await list(database, { searchTerm: '@x.org', offset: 9_995 });
  expect(idsOf(last)).toEqual([9996, 9997, 9998, 9999, 10_000, 10_001, 10_002]);
  expect(last.next).toBeUndefined();
});

test('those who were added last are found although nobody before them has the term', async () => {
  const { database } = await setupDatabase();
  await addEmployees(
    database,
    Array.from({ length: 6000 }, (_, index) => ({ email: `early${index}@x.org` })),
  );
  await addEmployees(
    database,
    Array.from({ length: 25 }, (_, index) => ({ email: `late${index}@new.org` })),
  );

  const pages = await walk(database, { searchTerm: '@new.org' });

  expect(pages.flatMap(idsOf)).toEqual(Array.from({ length: 25 }, (_, index) => 6001 + index));
  expect(pages.map(({ total }) => total)).toEqual([25, 25, 25]);
});
