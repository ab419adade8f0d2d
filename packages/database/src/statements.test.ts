import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFaults } from '../test/find-faults.ts';
import { BACKFILL_FILE_STATES } from './backfills/backfill-record.ts';
import { COUNT_BACKFILL_FILES, LIST_BACKFILL_FILES } from './backfills/list-backfill-files.ts';
import { STATEMENT_BUILDERS, STATEMENTS, type Statement } from './connection/query.ts';
import { EMPLOYEE_SORTS, type EmployeeOrder } from './employees/employee-order.ts';
import {
  COUNT_MATCHES,
  type EmployeeQuery,
  FIND_AMONG_ALL,
  FIND_NEAR,
  FIND_PAGE,
  FIND_PAGE_OF_ALL,
  PREPARED_PAGE_OF_ALL,
  shapeOf,
} from './employees/employee-page.ts';
import type { EmployeeFilter } from './employees/employee-search.ts';
import { DECLARE_EXPORT } from './employees/export-employees.ts';
import { BY_TERM, type IndexLookup } from './employees/index-lookup.ts';
import { NO_RANGES } from './employees/search-ranges.ts';
import { COUNT_FAILED_ROWS, type FailedRowFilter, LIST_FAILED_ROWS } from './failed-rows/list-failed-rows.ts';
import './index.ts';
import { UPLOAD_STATUSES } from './uploads/find-upload.ts';
import { COUNT_WITH_STATUS, LIST_WITH_STATUS } from './uploads/list-uploads.ts';

const EMPLOYEE_FILTERS: EmployeeFilter[] = [undefined, 'ada'].flatMap((searchTerm) =>
  [undefined, 'Analytical'].map((company) => ({ searchTerm, company })),
);
const ORDERS: EmployeeOrder[] = EMPLOYEE_SORTS.flatMap((by) => [false, true].map((descending) => ({ by, descending })));
const LOOKUPS: IndexLookup[] = [BY_TERM, { by: 'pair' }, { by: 'trigrams', trigrams: ['zqx', 'qxj'] }];
const PAGES: EmployeeQuery[] = EMPLOYEE_FILTERS.flatMap((filter) =>
  ORDERS.flatMap((order) =>
    [undefined, { value: 'x', id: 1 }].flatMap((after) =>
      [0, 1_000_000].map((offset) => ({ filter, order, after, offset, limit: 50 })),
    ),
  ),
);
const FAILED_ROW_FILTERS: FailedRowFilter[] = [undefined, '019a0000-0000-7000-8000-000000000001'].flatMap((uploadId) =>
  ([undefined, 'dead', 'superseded'] as const).map((outcome) => ({ uploadId, outcome })),
);

/** Every builder, with what it builds for every kind of question. */
const BUILT = new Map<unknown, Statement[]>([
  [LIST_FAILED_ROWS, FAILED_ROW_FILTERS.map((filter) => LIST_FAILED_ROWS(filter))],
  [COUNT_FAILED_ROWS, FAILED_ROW_FILTERS.map((filter) => COUNT_FAILED_ROWS(filter))],
  [LIST_WITH_STATUS, UPLOAD_STATUSES.map((status) => LIST_WITH_STATUS(status))],
  [COUNT_WITH_STATUS, UPLOAD_STATUSES.map((status) => COUNT_WITH_STATUS(status))],
  [DECLARE_EXPORT, EMPLOYEE_FILTERS.flatMap((filter) => ORDERS.map((order) => DECLARE_EXPORT(filter, order)))],
  [LIST_BACKFILL_FILES, [undefined, ...BACKFILL_FILE_STATES].map((state) => LIST_BACKFILL_FILES(state))],
  [COUNT_BACKFILL_FILES, [undefined, ...BACKFILL_FILE_STATES].map((state) => COUNT_BACKFILL_FILES(state))],
  [FIND_PAGE, PAGES.map((page) => FIND_PAGE(page))],
  [FIND_PAGE_OF_ALL, PAGES.map((page) => FIND_PAGE_OF_ALL(shapeOf(page)))],
  [PREPARED_PAGE_OF_ALL, PAGES.map((page) => PREPARED_PAGE_OF_ALL(shapeOf(page)))],
  [FIND_NEAR, PAGES.map((page) => FIND_NEAR(page))],
  [FIND_AMONG_ALL, PAGES.flatMap((page) => LOOKUPS.map((lookup) => FIND_AMONG_ALL(page, lookup, NO_RANGES)))],
  [COUNT_MATCHES, PAGES.flatMap((page) => LOOKUPS.map((lookup) => COUNT_MATCHES(page, lookup, NO_RANGES)))],
]);

test('Postgres can prepare every statement against the migrated schema', async () => {
  const statements = [...STATEMENTS, ...[...BUILT.values()].flat()];
  expect(await findFaults(statements.map(({ text }) => text))).toEqual([]);
  expect(STATEMENTS.size).toBeGreaterThan(40);
});

test('of every builder of statements all variants are prepared', () => {
  expect(new Set(BUILT.keys())).toEqual(STATEMENT_BUILDERS);
});

test('a statement that does not parse or names a column that is missing cannot be prepared', async () => {
  expect(
    await findFaults(['select departement from employees where id = ?', 'select id from uploads where id = :id and']),
  ).toEqual([expect.stringMatching(/^42703 .*departement/), expect.stringMatching(/^42601 /)]);
});

test('no statement is sent past query(), and each is made when its module is loaded', async () => {
  const directory = import.meta.dirname;
  const files = (await readdir(directory, { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const faults: string[] = [];
  for (const file of files) {
    for (const line of (await readFile(join(directory, file), 'utf8')).split('\n')) {
      const isSentPast = /\w\.raw[(<]/.test(line) && file !== join('connection', 'query.ts');
      const isMadeLater =
        /\b(statement|[sS]tatementBuilder|preparedStatementBuilder)\(/.test(line) &&
        !/^(export )?(const [A-Z_]+ = |function )/.test(line);
      if (isSentPast || isMadeLater) faults.push(`${file}: ${line.trim()}`);
    }
  }
  expect(files.length).toBeGreaterThan(30);
  expect(faults).toEqual([]);
});
