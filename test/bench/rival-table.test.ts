import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { RIVAL_TABLE, withRivalTable } from '../../bench/rivals/rival-table.ts';
import { openDatabase } from '../../bench/tables.ts';

const SEARCH_INDEX = 'USING gin (search_key gin_trgm_ops)';

test.for([
  ['has the same', `create index on employees ${SEARCH_INDEX}`],
  ['has none', 'select 1'],
  ['has one over a part of its rows', `create index on employees ${SEARCH_INDEX} where id > 1000`],
] as const)('a rival has one ordinary search index, also where the table of employees %s', async ([, before]) => {
  const { databaseUrl } = await setupDatabase();
  const client = await openDatabase(databaseUrl);
  await client.query('drop index if exists employees_search');
  await client.query(before);

  let definitions: string[] = [];
  await withRivalTable(databaseUrl, async (rival) => {
    const { rows } = await rival.query<{ definition: string }>(
      'select indexdef as definition from pg_indexes where tablename = $1',
      [RIVAL_TABLE],
    );
    definitions = rows.map(({ definition }) => definition.replace(/.*? USING/, 'USING'));
  });
  await client.end();

  expect(definitions.filter((definition) => definition.includes('gin'))).toEqual([SEARCH_INDEX]);
  expect(definitions).toContain('USING btree (email) INCLUDE (id)');
});
