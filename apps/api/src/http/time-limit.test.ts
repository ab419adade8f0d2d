import { connect } from '@rowferry/database';
import { expect, onTestFinished, test } from 'vitest';
import { insertEmployees } from '../../test/insert-employees.ts';
import { serveApi } from '../../test/serve-api.ts';

/** Milliseconds. Less than a test waits, more than its quick queries take. */
const STATEMENT_BOUND = 1_000;

/** An API with one connection, whose statements Postgres stops early. */
async function serveImpatientApi() {
  return serveApi(({ databaseUrl }) => {
    const database = connect({
      url: databaseUrl,
      poolMax: 1,
      statementTimeoutMs: STATEMENT_BOUND,
      onWarning: () => {},
    });
    onTestFinished(() => database.destroy());
    return { database };
  });
}

test.each([
  ['/v1/employees', 'employees'],
  ['/v1/employees?searchTerm=ada', 'employees'],
  ['/v1/employees.csv', 'employees'],
  ['/v1/failed-rows', 'upload_rows'],
  ['/v1/uploads', 'uploads'],
])('%s that takes too long is answered with 503, and its connection serves the next', async (path, table) => {
  const { url, database } = await serveImpatientApi();
  await insertEmployees(database, [{ email: 'ada@x.org' }]);
  const lock = await database.transaction();
  await lock.raw(`lock table ${table} in access exclusive mode`);

  const slow = await fetch(url + path);
  expect(slow.status).toBe(503);
  expect(slow.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(await slow.json()).toMatchObject({ code: 'query_timeout' });

  await lock.rollback();
  const next = await fetch(url + path);
  expect(next.status).toBe(200);
  if (table === 'employees') expect(await next.text()).toContain('ada@x.org');
});
