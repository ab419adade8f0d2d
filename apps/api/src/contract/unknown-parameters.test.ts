import { keysOf } from '@rowferry/testing';
import request from 'supertest';
import { expect, test } from 'vitest';
import { setupApi } from '../../test/setup-api.ts';

const CSV = 'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n';
const UNKNOWN_ID = '01930000-0000-7000-8000-000000000000';

test.each([
  ['/v1/employees?searchterm=jane', 'searchterm', '; did you mean searchTerm?'],
  ['/v1/uploads?state=failed', 'state', '; did you mean status?'],
  [`/v1/uploads/${UNKNOWN_ID}?page=1`, 'page', ', which takes none'],
  ['/v1/uploads?page[x]=1', 'page[x]', '; did you mean page?'],
  ['/v1/uploads?offset=10', 'offset', ', which takes page, limit, status'],
  ['/v1/uploads?api_key=rf_x', 'api_key', '; send a key or token in the header Authorization: Bearer'],
])('a parameter that a path does not have is refused, not passed over: %s', async (path, parameter, hint) => {
  const { app } = await setupApi();
  const { status, body } = await request(app).get(path);
  expect({ status, code: body.code, errors: body.errors }).toEqual({
    status: 400,
    code: 'invalid_parameter',
    errors: [{ parameter, message: `is not a parameter of this path${hint}` }],
  });
});

test('a dry run spelled wrong is no upload', async () => {
  const { app, s3, bucket, database } = await setupApi();
  const send = (query: string) =>
    request(app).post(`/v1/employee-data-upload?${query}`).attach('employee_data', Buffer.from(CSV), 'staff.csv');

  for (const query of ['dryrun=true', 'dry_run=true', 'dryRun=true&dryrun=true']) {
    expect((await send(query)).body.code).toBe('invalid_parameter');
  }
  expect((await request(app).post(`/v1/uploads/${UNKNOWN_ID}/redrive?dryRun=true`)).status).toBe(400);

  expect((await database.raw('select from uploads')).rows).toEqual([]);
  expect(await keysOf(s3, bucket)).toEqual([]);
});

test('probes and pages take any query', async () => {
  const { app } = await setupApi();
  for (const path of ['/healthz?probe=lb-1', '/readyz?t=1', '/openapi.json?v=2']) {
    expect((await request(app).get(path)).status).toBe(200);
  }
});
