import { COLUMNS, KEY_COLUMN, REQUIRED_COLUMNS, SEARCHED_COLUMNS } from '@rowferry/roster';
import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { EMPLOYEE_SORTS } from './employee-order.ts';

/** What the migrations made of the table, to be held against what packages/roster declares. */
async function setup() {
  const { database } = await setupDatabase();
  const { rows: columns } = await database.raw<{
    rows: { name: string; nullable: string; expression: string | null }[];
  }>(
    `select column_name as name, is_nullable as nullable, generation_expression as expression
     from information_schema.columns where table_name = 'employees' and table_schema = current_schema()`,
  );
  const { rows: indexes } = await database.raw<{ rows: { definition: string }[] }>(
    `select indexdef as definition from pg_indexes where tablename = 'employees' and schemaname = current_schema()`,
  );
  return { columns, indexes: indexes.map(({ definition }) => definition) };
}

test('the table has every declared column, and those that are required are not null', async () => {
  const { columns } = await setup();
  const nullable = Object.fromEntries(columns.map((column) => [column.name, column.nullable]));
  for (const column of COLUMNS)
    expect(`${column} ${nullable[column]}`).toBe(`${column} ${REQUIRED_COLUMNS.includes(column) ? 'NO' : 'YES'}`);
});

test('the key is unique', async () => {
  const { indexes } = await setup();
  expect(
    indexes.filter((definition) => definition.includes(`UNIQUE INDEX`) && definition.includes(`(${KEY_COLUMN})`)),
  ).toHaveLength(1);
});

test('the search key has the searched columns, in their order', async () => {
  const { columns } = await setup();
  const expression = columns.find(({ name }) => name === 'search_key')?.expression ?? '';
  const found = [...expression.matchAll(/\b\w+\b/g)]
    .map(([word]) => word)
    .filter((word) => COLUMNS.some((column) => column === word));
  expect(found).toEqual([...SEARCHED_COLUMNS]);
});

test('every order of a list has an index', async () => {
  const { indexes } = await setup();
  for (const sort of EMPLOYEE_SORTS)
    expect(indexes, sort).toContainEqual(expect.stringMatching(new RegExp(`USING btree \\(${sort}(, id)?\\)`)));
});
