import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import request, { type Test } from 'supertest';
import { expect, test } from 'vitest';
import { serveApi } from '../../test/serve-api.ts';
import { likelyPath } from './hints.ts';

const CSV = Buffer.from('employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n');
const FORM_PATH = '/v1/employee-data-upload';
const ID = '01930000-0000-7000-8000-000000000000';

test('a file that is sent in a wrong way is answered with the right one, which works', async () => {
  const { url } = await serveApi();
  const post = (path: string) => request(url).post(path);
  const file = (sent: Test) => sent.attach('employee_data', CSV, 'staff.csv');
  const mistakes: [mistake: string, sent: Test, code: string, hint: string][] = [
    ['the @ forgotten', post(FORM_PATH).field('employee_data', 'staff.csv'), 'no_file', 'put an @'],
    ['no file', post(FORM_PATH).field('note', 'x'), 'no_file', '-F employee_data=@staff.csv'],
    ['another field', post(FORM_PATH).attach('file', CSV, 'a.csv'), 'unexpected_field', 'must be in "employee_data"'],
    [
      'curl -d @staff.csv, or --data-binary',
      post(FORM_PATH).type('application/x-www-form-urlencoded').send(CSV.toString()),
      'not_multipart',
      'use -F employee_data=@staff.csv instead of -d',
    ],
    [
      'bare CSV',
      post(FORM_PATH).type('text/csv').send(CSV.toString()),
      'not_multipart',
      'curl -F employee_data=@staff.csv',
    ],
    ['a form to the path of direct uploads', file(post('/v1/uploads')), 'not_json', `POST ${FORM_PATH}`],
    ['a form to a list', file(post('/v1/employees')), 'method_not_allowed', `POST ${FORM_PATH}`],
    ['PUT', file(request(url).put(FORM_PATH)), 'method_not_allowed', `${FORM_PATH} takes POST, not PUT. To send a`],
    ['a form to no path', file(post('/upload')), 'not_found', `POST ${FORM_PATH}`],
  ];
  for (const [mistake, sent, code, hint] of mistakes) {
    expect((await sent).body, mistake).toMatchObject({ code, detail: expect.stringContaining(hint) });
  }

  // As curl -T sends it: of no type.
  const put = await fetch(`${url}/v1/uploads`, { method: 'PUT', body: CSV });
  expect(await put.json()).toMatchObject({ detail: expect.stringContaining(`POST ${FORM_PATH}`) });

  expect((await file(post(FORM_PATH))).status).toBe(202);
});

test('a path that is nearly one of the API’s is answered with that one', async () => {
  const { url } = await serveApi();
  for (const [path, hint] of [
    ['/employees', 'Did you mean /v1/employees?'],
    [`/v1/upload/${ID}`, 'Did you mean /v1/uploads/{id}?'],
    ['/openapi', 'The paths are in /docs.'],
  ] as const) {
    const { body } = await request(url).get(path);
    expect(body).toMatchObject({ code: 'not_found', detail: `There is nothing at ${path}. ${hint}` });
  }
  for (const path of ['/V1/Employees', '/v1/employees/']) expect((await request(url).get(path)).status).toBe(200);
});

test.for([
  ['/v1employees', '/v1/employees'],
  ['/v1/employee', '/v1/employees'],
  ['//v1//employees', '/v1/employees'],
  ['/v1/employee_data_upload', '/v1/employee-data-upload'],
  ['/employee-data-upload', '/v1/employee-data-upload'],
  ['/v1/upload', '/v1/uploads'],
  [`/v1/uploads/${ID}/failed_rows.csv`, '/v1/uploads/{id}/failed-rows.csv'],
  ['/health', '/healthz'],
  ['/', undefined],
  ['/wp-login.php', undefined],
  [`/${'x'.repeat(200)}`, undefined],
])('%s is probably %s', ([path = '', meant]) => {
  const known = [
    '/v1/employees',
    '/v1/employee-data-upload',
    '/v1/uploads',
    '/v1/uploads/{id}/failed-rows',
    '/v1/uploads/{id}/failed-rows.csv',
    '/healthz',
    '/docs',
  ];
  expect(likelyPath(path, known)).toBe(meant);
});

test('a request that cannot be read is told what is probably wrong with it', async () => {
  const { url } = await serveApi();
  const { hostname, port } = new URL(url);
  const line = (query: string) => `GET /v1/employees?searchTerm=${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  for (const [bytes, hint] of [
    [line('Jörg'), '--data-urlencode'],
    [line('J org'), '%20'],
    [Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), 'HTTP, not HTTPS'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'not HTTP/2'],
  ] as const) {
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(body)).toMatchObject({ code: 'malformed_request', detail: expect.stringContaining(hint) });
  }
});
