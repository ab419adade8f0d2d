import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Database, writeRows } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { untilOneWaits } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { insertEmployees } from '../../test/insert-employees.ts';
import { serveApi } from '../../test/serve-api.ts';

type Person = { id: number; employee_name: string; email: string };
/** A page, of which a problem has neither part. */
type Page = { data: Person[]; pagination: { page: number; total: number; nextCursor: string | null } };

async function get(url: string, parameters: Record<string, string> = {}) {
  const response = await fetch(`${url}/v1/employees?${new URLSearchParams(parameters)}`);
  return { status: response.status, link: response.headers.get('link'), body: (await response.json()) as Page };
}

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ employee_name: `Person ${index + 1}`, email: `p${index + 1}@x.org` }));

test('the order of creation has the name that the answer has for it, and the older one', async () => {
  const { url, database } = await serveApi();
  await insertEmployees(database, [{ email: 'a@x.org' }, { email: 'b@x.org' }]);
  for (const sort of ['-createdAt', '-created_at']) {
    const response = await fetch(`${url}/v1/employees?sort=${sort}&limit=1`);
    const { data } = (await response.json()) as { data: { email: string }[] };
    expect(data.map(({ email }) => email)).toEqual(['b@x.org']);
  }
});

test('a page has its employees, its place in the whole and links to its neighbours', async () => {
  const { url, database } = await serveApi();
  await insertEmployees(database, people(25));

  const { status, link, body } = await get(url, { page: '2', limit: '10', sort: 'id' });

  expect(status).toBe(200);
  expect(body.data).toHaveLength(10);
  expect(body.data[0]).toEqual({
    id: expect.any(Number),
    employee_name: 'Person 11',
    company_name: 'Acme',
    mobile_no: '0123456789',
    email: 'p11@x.org',
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
  expect(body.pagination).toEqual({
    page: 2,
    limit: 10,
    total: 25,
    totalRelation: 'eq',
    totalPages: 3,
    nextCursor: expect.any(String),
  });
  expect(link).toBe(
    [
      '</v1/employees?limit=10&sort=id&page=1>; rel="first"',
      '</v1/employees?limit=10&sort=id&page=1>; rel="prev"',
      '</v1/employees?limit=10&sort=id&page=3>; rel="next"',
      '</v1/employees?limit=10&sort=id&page=3>; rel="last"',
    ].join(', '),
  );
});

test('without parameters it is the first page of ten, and an empty table has one empty page', async () => {
  const { url, database } = await serveApi();
  const empty = await get(url);
  expect(empty.body).toEqual({
    data: [],
    pagination: { page: 1, limit: 10, total: 0, totalRelation: 'eq', totalPages: 0, nextCursor: null },
  });
  expect(empty.link).toBe('</v1/employees?page=1>; rel="first", </v1/employees?page=1>; rel="last"');

  await insertEmployees(database, people(11));
  const { body } = await get(url, { searchTerm: '', company: '' });
  expect(body.data).toHaveLength(10);
  expect(body.pagination).toMatchObject({ page: 1, limit: 10, total: 11 });
});

test('a search, a company and an order go together', async () => {
  const { url, database } = await serveApi();
  await insertEmployees(database, [
    { employee_name: 'Ève Dupont', company_name: 'Acme', email: 'eve@x.org' },
    { employee_name: 'Adam', company_name: 'Bolt', email: 'dupont@x.org' },
    { employee_name: 'Zoë DUPONT', company_name: 'Acme', email: 'zoe@x.org' },
    { employee_name: 'Mia', company_name: 'Acme', email: 'mia@x.org' },
  ]);

  const all = await get(url, { searchTerm: 'dupont', sort: '-employee_name' });
  expect(all.body.data.map((person: Person) => person.employee_name)).toEqual(['Ève Dupont', 'Zoë DUPONT', 'Adam']);
  const acme = await get(url, { searchTerm: 'dupont', company: 'Acme', sort: 'employee_name' });
  expect(acme.body.data.map((person: Person) => person.employee_name)).toEqual(['Zoë DUPONT', 'Ève Dupont']);
  expect(acme.body.pagination.total).toBe(2);
});

test('following the links of a cursor walks the whole list once, also while employees are added and removed', async () => {
  const { url, database } = await serveApi();
  await insertEmployees(database, people(23));
  const first = await get(url, { limit: '5', sort: '-created_at', searchTerm: 'person' });
  const seen: number[] = first.body.data.map(({ id }: Person) => id);
  expect(first.link).toContain('page=2');

  let next: string | undefined =
    `/v1/employees?limit=5&sort=-created_at&searchTerm=person&cursor=${first.body.pagination.nextCursor}`;
  const pages: number[] = [];
  while (next !== undefined) {
    const response = await fetch(url + next);
    const { data, pagination } = (await response.json()) as Page;
    seen.push(...data.map(({ id }) => id));
    pages.push(pagination.page);
    // Newer than all that come: an offset would show the last of this page again.
    await insertEmployees(database, [
      { employee_name: `New person ${pages.length}`, email: `new${pages.length}@x.org` },
    ]);
    await database.raw('delete from employees where id = ?', [seen[0] ?? 0]);
    const link: string = response.headers.get('link') ?? '';
    expect(link).toContain('</v1/employees?limit=5&sort=-created_at&searchTerm=person>; rel="first"');
    next = /<([^>]*)>; rel="next"/.exec(link)?.[1];
    expect(next === undefined).toBe(pagination.nextCursor === null);
  }

  expect(pages).toEqual([2, 3, 4, 5]);
  expect(seen).toHaveLength(23);
  expect(new Set(seen).size).toBe(23);
});

const BAD_PARAMETERS: [Record<string, string>, string][] = [
  [{ page: '0' }, 'page'],
  [{ page: '1.5' }, 'page'],
  [{ limit: '0' }, 'limit'],
  [{ limit: '1e9' }, 'limit'],
  [{ limit: '101' }, 'limit'],
  [{ limit: 'abc' }, 'limit'],
  [{ searchTerm: 'a'.repeat(10_000) }, 'searchTerm'],
  [{ searchTerm: 'a\0b' }, 'searchTerm'],
  [{ searchTerm: 'a\nb' }, 'searchTerm'],
  [{ company: 'a'.repeat(201) }, 'company'],
  [{ company: '\u0085' }, 'company'],
  [{ sort: 'name' }, 'sort'],
  [{ sort: '--id' }, 'sort'],
  [{ sort: '' }, 'sort'],
  [{ cursor: 'made-up' }, 'cursor'],
  [{ cursor: '' }, 'cursor'],
];

test('a bad parameter is answered with 400 that names it', async () => {
  const { url } = await serveApi();
  for (const [parameters, name] of BAD_PARAMETERS) {
    const { status, body } = await get(url, parameters);
    expect(status, JSON.stringify(parameters).slice(0, 40)).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_parameter', errors: [{ parameter: name }] });
  }
});

test('a query that cannot be decoded is answered with 400, and not with what is left of it', async () => {
  const { url } = await serveApi();
  for (const query of ['searchTerm=%ff', 'searchTerm=%zz', 'searchTerm=%ed%a0%80', 'company=Acme%']) {
    const response = await fetch(`${url}/v1/employees?${query}`);
    expect([query, response.status]).toEqual([query, 400]);
    expect(await response.json()).toMatchObject({ code: 'malformed_request' });
  }
});

test('accents are found however they are written, and both sigmas', async () => {
  const { url, database } = await serveApi();
  await insertEmployees(database, [
    { employee_name: 'José', company_name: 'Café', email: 'jose@x.org' },
    { employee_name: 'ΓΙΏΡΓΟΣ', email: 'giorgos@x.org' },
  ]);
  const emailsOf = async (parameters: Record<string, string>) =>
    (await get(url, parameters)).body.data.map(({ email }: Person) => email);

  for (const form of ['NFC', 'NFD']) {
    expect(await emailsOf({ searchTerm: 'JOSÉ'.normalize(form) })).toEqual(['jose@x.org']);
    expect(await emailsOf({ company: 'Café'.normalize(form) })).toEqual(['jose@x.org']);
  }
  for (const searchTerm of ['Γιώργος', 'γιώργοσ', 'ΏΡΓΟΣ', 'ς'])
    expect(await emailsOf({ searchTerm })).toEqual(['giorgos@x.org']);
});

test('a parameter that is given twice is answered with 400', async () => {
  const { url } = await serveApi();
  for (const query of ['searchTerm=a&searchTerm=b', 'page=1&page=2', 'sort=id&sort=id', 'cursor=a&cursor=b']) {
    expect((await fetch(`${url}/v1/employees?${query}`)).status, query).toBe(400);
  }
});

test('a cursor is good for its own list only, and not beside a page', async () => {
  const { url, database } = await serveApi();
  await insertEmployees(database, people(3));
  const { body } = await get(url, { limit: '1', searchTerm: 'person' });
  const cursor = body.pagination.nextCursor ?? '';

  expect((await get(url, { limit: '2', searchTerm: 'person', cursor })).body.data).toHaveLength(2);
  for (const parameters of [
    { cursor },
    { cursor, searchTerm: 'perso' },
    { cursor, searchTerm: 'person', sort: 'email' },
    { cursor, searchTerm: 'person', page: '2' },
    { cursor, searchTerm: 'person', page: '1' },
  ]) {
    const { status, body: problem } = await get(url, parameters);
    expect(status).toBe(400);
    expect(problem).toMatchObject({ code: 'invalid_parameter', errors: [{ parameter: 'cursor' }] });
  }
});

test('the contents of a file that landed are found at once', async () => {
  const { url, database } = await serveApi();
  const employee = { employee_name: 'Žofie', company_name: 'Acme', mobile_no: '0123456789', email: 'z@x.org' };
  await writeRows(database, [{ uploadId: newUploadId(), receivedAtMicros: 0, line: 2, attempts: 1, employee }], []);
  expect((await get(url, { searchTerm: 'žof' })).body.pagination.total).toBe(1);
});

test('many who ask for the same page at the same time cost fewer queries than they are', async () => {
  const { url, database } = await serveApi();
  await insertEmployees(database, people(3));
  const arrived = countRequests();
  const statements = countStatements(database);
  const lock = await database.transaction();
  await lock.raw('lock table employees in access exclusive mode');
  const first = get(url, { searchTerm: 'person' });
  await untilOneWaits(database);
  const others = Array.from({ length: 12 }, () => get(url, { searchTerm: 'person' }));
  await expect.poll(arrived).toBe(13);
  await lock.rollback();

  for (const { body } of await Promise.all([first, ...others])) expect(body.pagination.total).toBe(3);
  expect(statements()).toBeLessThan(13);
});

/** Requests that servers of this process have begun to serve. */
function countRequests(): () => number {
  let count = 0;
  const onRequest = () => count++;
  subscribe('http.server.request.start', onRequest);
  onTestFinished(() => void unsubscribe('http.server.request.start', onRequest));
  return () => count;
}

/** Statements that ask for employees. */
function countStatements(database: Database): () => number {
  let count = 0;
  database.on('query', ({ sql }: { sql: string }) => {
    if (/from employees/.test(sql)) count++;
  });
  return () => count;
}
