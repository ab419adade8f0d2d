import { EMPLOYEE_SORTS, type EmployeeQuery } from '@rowferry/database';
import { LIST_P95_MAX_MS } from '../goals.ts';
import { employeeAt } from '../roster.ts';
import { NEWCOMERS_DOMAIN } from './seed.ts';

/** One request, as a URL has it. */
export type Asked = { searchTerm?: string; company?: string; sort?: string; page?: number };

/** Requests of one kind, asked in turn, and the p95 that is promised for them at a million employees, in milliseconds. */
export type Case = { name: string; asked: Asked[]; p95MaxMs?: number };

const LIMIT = 10;
const VARIANTS = 20;

export function casesFor(rows: number): Case[] {
  const spread = Array.from({ length: VARIANTS }, (_, index) => Math.floor(((index + 0.5) * rows) / VARIANTS));
  const terms = (...searchTerms: string[]) => searchTerms.map((searchTerm) => ({ searchTerm }));
  const emailOf = (index: number) => employeeAt(index).email.split('@')[0] ?? '';
  return [
    { name: 'first page', asked: [{}], p95MaxMs: LIST_P95_MAX_MS.longTerm },
    {
      name: 'deep page',
      asked: spread.map((row) => ({ page: row / LIMIT + 1 })).map(wholePage),
      p95MaxMs: LIST_P95_MAX_MS.longTerm,
    },
    {
      name: 'term, most have it',
      asked: terms('com', 'exa', 'example.com', '.com'),
      p95MaxMs: LIST_P95_MAX_MS.longTerm,
    },
    {
      name: 'term, 1% to 3% have it',
      asked: terms('maria', 'summit', 'björn', 'kateryna', 'o’b'),
      p95MaxMs: LIST_P95_MAX_MS.longTerm,
    },
    { name: 'term, few have it', asked: terms(...spread.map(emailOf)), p95MaxMs: LIST_P95_MAX_MS.longTerm },
    {
      name: 'term, nobody has it',
      asked: terms('zzz', 'comcom', 'no such', '%%%', '漢字漢'),
      p95MaxMs: LIST_P95_MAX_MS.longTerm,
    },
    {
      name: 'term with signs',
      asked: terms('n s', 'o.b', 'a k', 'maria k', 'e-f'),
      p95MaxMs: LIST_P95_MAX_MS.longTerm,
    },
    {
      name: 'term, only the last 2% have it',
      asked: terms(NEWCOMERS_DOMAIN, '@newc'),
      p95MaxMs: LIST_P95_MAX_MS.longTerm,
    },
    {
      name: '1 or 2 characters, many have it',
      asked: terms('a', 'jo', 'ma', 'é', '.'),
      p95MaxMs: LIST_P95_MAX_MS.shortTerm,
    },
    {
      name: '1 or 2 characters, few have it',
      asked: terms('zq', 'q5', 'xq', '7w'),
      p95MaxMs: LIST_P95_MAX_MS.shortTerm,
    },
    {
      name: '1 or 2 characters, nobody has it',
      asked: terms('q-', '%', '§', '漢', '"#'),
      p95MaxMs: LIST_P95_MAX_MS.shortTerm,
    },
    ...EMPLOYEE_SORTS.map((sort) => ({ name: `sort=${sort}`, asked: [{ sort }, { sort: `-${sort}` }] })),
    { name: 'company', asked: spread.map((row) => ({ company: employeeAt(row).company_name })) },
    {
      name: 'company and term',
      asked: spread.map((row) => ({ company: employeeAt(row).company_name, searchTerm: 'maria' })),
    },
    {
      name: 'term, sorted by name',
      asked: terms('maria', 'summit', 'com').map((one) => ({ ...one, sort: 'employee_name' })),
    },
    {
      name: 'deep page, sorted by name',
      asked: spread.map((row) => ({ page: row / LIMIT + 1, sort: 'employee_name' })).map(wholePage),
    },
  ];
}

/** The load that has a goal: nobody asks for the same at the same time. */
export const OTHER_PAGES = 'pages 1 to 97';

/** What 16 clients ask at the same time: all of them the same, which the API asks Postgres once, or each something else. */
export const LOADS: Case[] = [
  { name: 'first page', asked: [{}] },
  { name: OTHER_PAGES, asked: Array.from({ length: 97 }, (_, index) => ({ page: index + 1 })) },
  { name: 'search', asked: ['com', 'maria', 'zzz', 'nakamura', 'kateryna k'].map((searchTerm) => ({ searchTerm })) },
];

export function pathOf(asked: Asked): string {
  const parameters = Object.entries(asked).map(([name, value]) => [name, String(value)]);
  return `/v1/employees?${new URLSearchParams(Object.fromEntries(parameters))}`;
}

/** The same, as the API hands it to the database. */
export function queryOf({ searchTerm, company, sort = 'id', page = 1 }: Asked): EmployeeQuery {
  const by = EMPLOYEE_SORTS.find((name) => sort.endsWith(name)) ?? 'id';
  return {
    filter: { searchTerm, company },
    order: { by, descending: sort.startsWith('-') },
    after: undefined,
    offset: (page - 1) * LIMIT,
    limit: LIMIT,
  };
}

function wholePage<T extends { page: number }>(asked: T): T {
  return { ...asked, page: Math.floor(asked.page) };
}
