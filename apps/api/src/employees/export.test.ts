import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Database, poolUsage } from '@rowferry/database';
import { setup, setupProxy } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { apiSettings } from '../../test/api-settings.ts';
import { insertEmployees } from '../../test/insert-employees.ts';
import { serve, serveApi } from '../../test/serve-api.ts';

const HEADER = 'employee_name,company_name,mobile_no,email,id,created_at,updated_at';

/** Some 30 MB as CSV: more than the sockets between server and client hold. */
const MANY = 10_000;

async function addMany(database: Database): Promise<void> {
  await database.raw(
    `insert into employees (employee_name, company_name, mobile_no, email, received_at, upload_id, line)
     select 'Ada', 'Acme', repeat('0123456789', 300), n || '@x.org', now(), '019a0000-0000-7000-8000-000000000001', n
     from generate_series(1, ${MANY}) n`,
  );
}

/** An answer of which nothing is read unless the test does. */
async function begin(url: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = get(`${url}/v1/employees.csv`, { agent: false }, resolve).on('error', reject);
  onTestFinished(() => void request.destroy());
  return promise;
}

test('the export is a CSV file with a byte order mark, quoted as RFC 4180 says, of those who match in their order', async () => {
  const { url, database } = await serveApi();
  await insertEmployees(database, [
    { employee_name: 'Doe, "JD" Jane', company_name: 'Acme', email: 'b@x.org', mobile_no: '+44 20 7946 0958' },
    { employee_name: 'José', company_name: 'Acme', email: 'a@x.org' },
    { employee_name: 'Mia', company_name: 'Bolt', email: 'c@x.org' },
  ]);
  await database.raw(
    `update employees set created_at = '2026-01-02T03:04:05.678Z', updated_at = '2026-01-02T03:04:06Z'`,
  );

  const response = await fetch(`${url}/v1/employees.csv?company=Acme&searchTerm=X.ORG&sort=email`);

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename=employees-\d{4}-\d\d-\d\d\.csv$/);
  const text = Buffer.from(await response.arrayBuffer()).toString();
  expect(text.replaceAll(/,\d+,2026/g, ',ID,2026')).toBe(
    `\ufeff${HEADER}\r\n` +
      'José,Acme,"=""0123456789""",a@x.org,ID,2026-01-02T03:04:05.678Z,2026-01-02T03:04:06.000Z\r\n' +
      '"Doe, ""JD"" Jane",Acme,+44 20 7946 0958,b@x.org,ID,2026-01-02T03:04:05.678Z,2026-01-02T03:04:06.000Z\r\n',
  );
});

test('no cell of the export is run as a formula', async () => {
  const { url, database } = await serveApi();
  await insertEmployees(database, [
    {
      employee_name: '=HYPERLINK("http://x.org")',
      company_name: '@SUM(A1)',
      mobile_no: '+1234567890',
      email: 'a@x.org',
    },
    { employee_name: '-1+1', company_name: '+cmd', mobile_no: '-1234567', email: '-b@x.org' },
  ]);

  const [, first, second] = (await (await fetch(`${url}/v1/employees.csv`)).text()).split('\r\n');

  expect(first).toMatch(/^"'=HYPERLINK\(""http:\/\/x.org""\)",'@SUM\(A1\),"=""\+1234567890""",a@x.org,/);
  expect(second).toMatch(/^'-1\+1,'\+cmd,'-1234567,'-b@x.org,/);
});

test('no employees are a file with a header', async () => {
  const { url } = await serveApi();
  expect(Buffer.from(await (await fetch(`${url}/v1/employees.csv`)).arrayBuffer()).toString()).toBe(
    `\ufeff${HEADER}\r\n`,
  );
});

test('every employee is in it once', async () => {
  const { url, database } = await serveApi();
  await addMany(database);

  const lines = (await (await fetch(`${url}/v1/employees.csv?sort=-id`)).text()).split('\r\n');

  expect(lines).toHaveLength(MANY + 2);
  const emails = lines.slice(1, -1).map((line) => line.split(',')[3]);
  expect(emails).toEqual(Array.from({ length: MANY }, (_, index) => `${MANY - index}@x.org`));
});

test('a bad parameter is answered with 400; HEAD has a head and reads nothing', async () => {
  const { url, database } = await serveApi();
  await addMany(database);
  for (const query of ['sort=nothing', `searchTerm=${'a'.repeat(10_000)}`, 'company=a%00']) {
    const response = await fetch(`${url}/v1/employees.csv?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_parameter' });
  }

  const lock = await database.transaction();
  await lock.raw('lock table employees in access exclusive mode');
  const head = await fetch(`${url}/v1/employees.csv`, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(head.headers.get('content-type')).toContain('text/csv');
  await lock.rollback();
});

test('when the client disconnects, its connection to Postgres is free again', async () => {
  const { url, database } = await serveApi();
  await addMany(database);
  const response = await begin(url);
  await once(response, 'readable');
  expect(poolUsage(database).used).toBe(1);

  response.destroy();

  await expect.poll(() => poolUsage(database).used).toBe(0);
});

test('when Postgres becomes unavailable in the middle, the answer is cut off, and the next one is whole', async () => {
  const { url, proxy } = await serveProxiedApi();
  const response = await begin(url);
  await once(response, 'readable');

  await proxy.shut();
  const failed = once(response, 'error');
  response.resume();
  const [error] = await failed;
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  expect(response.complete).toBe(false);

  await proxy.open();
  expect((await (await fetch(`${url}/v1/employees.csv`)).text()).split('\r\n')).toHaveLength(MANY + 2);
});

test('exports leave half of the pool to others: one more is told to come back', async () => {
  const { url, database } = await serveProxiedApi();
  const slow = await begin(url);
  await once(slow, 'readable');

  const refused = await fetch(`${url}/v1/employees.csv`);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: 'busy' });
  expect((await fetch(`${url}/v1/employees`)).status).toBe(200);

  slow.destroy();
  await expect.poll(() => poolUsage(database).used).toBe(0);
  const next = await begin(url);
  expect(next.statusCode).toBe(200);
});

/** An API with two connections to Postgres, through a proxy, and many employees. */
async function serveProxiedApi() {
  const fixtures = await setup();
  const proxy = await setupProxy(fixtures.databaseUrl);
  const database = connect({ url: proxy.url, poolMax: 2, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  await addMany(fixtures.database);
  return { proxy, database, url: await serve(apiSettings(fixtures, { database })) };
}
