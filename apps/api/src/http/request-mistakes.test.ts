import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fileForm, serveApi } from '../../test/serve-api.ts';

const CSV = 'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n';
const SEND = '/v1/employee-data-upload';
const JSON_TYPE = { 'content-type': 'application/json' };

function formOf(bytes: Uint8Array<ArrayBuffer>, name: string): FormData {
  const form = new FormData();
  form.set('employee_data', new Blob([bytes]), name);
  return form;
}

function twoFiles(): FormData {
  const form = fileForm(CSV);
  form.append('employee_data', new Blob([CSV]), 'more.csv');
  return form;
}

function textForFile(): FormData {
  const form = new FormData();
  form.set('employee_data', 'staff.csv');
  return form;
}

const post = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers,
});
const withAuthorization = (authorization: string) => ({ headers: { authorization } });

/** What a newcomer tries, and what of the answer says how it is done. */
const MISTAKES: [mistake: string, path: string, init: RequestInit, answer: string, hint: string][] = [
  ['the path opened in a browser', SEND, {}, '405 method_not_allowed', `${SEND} takes POST, not GET`],
  [
    'PUT for POST',
    SEND,
    { method: 'PUT', body: CSV },
    '405 method_not_allowed',
    'with curl -F employee_data=@staff.csv',
  ],
  ['JSON for a form', SEND, post('{}', JSON_TYPE), '415 not_multipart', 'with curl -F employee_data=@staff.csv'],
  [
    'the bare file',
    SEND,
    post(CSV, { 'content-type': 'text/csv' }),
    '415 not_multipart',
    'in the field "employee_data"',
  ],
  ['curl -d', SEND, post(new URLSearchParams('a=b')), '415 not_multipart', 'instead of -d'],
  ['another field', SEND, post(fileForm(CSV, { field: 'file' })), '400 unexpected_field', 'must be in "employee_data"'],
  ['the @ forgotten', SEND, post(textForFile()), '400 no_file', 'put an @ in front'],
  ['two files', SEND, post(twoFiles()), '400 too_many_files', 'one file a request'],
  ['an empty file', SEND, post(fileForm('')), '422 empty_file', 'no header and no rows'],
  ['a zip', SEND, post(formOf(Buffer.from('504b030414000000', 'hex'), 'a.zip')), '415 not_csv', 'Unpack it'],
  ['a gz', SEND, post(formOf(gzipSync(CSV), 'staff.csv.gz')), '415 not_csv', 'a gzip archive. Unpack it'],
  [
    'an old workbook',
    SEND,
    post(formOf(Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'a.xls')),
    '415 not_csv',
    'Save as → CSV UTF-8',
  ],
  ['a PDF', SEND, post(formOf(Buffer.from('%PDF-1.7\n'), 'a.pdf')), '415 not_csv', 'a PDF'],
  ['JSON in a file', SEND, post(fileForm('[{"email":"a@b.c"}]')), '415 not_csv', 'Export it as CSV'],
  ['a file without addresses', SEND, post(fileForm('name,company\nJane,Acme\n')), '422 missing_columns', 'email'],
  ['no version in the path', '/employees', {}, '404 not_found', 'Did you mean /v1/employees?'],
  ['the singular', '/v1/employee', {}, '404 not_found', 'Did you mean /v1/employees?'],
  ['the bare host', '/', {}, '404 not_found', '/docs'],
  ['a key in the URL', '/v1/employees?api_key=rf_x', {}, '400 invalid_parameter', 'Authorization: Bearer'],
  [
    'a key without Bearer',
    '/v1/employees',
    withAuthorization('rf_abc'),
    '401 unauthorized',
    'must be Bearer and a key',
  ],
  ['a made-up key', '/v1/employees', withAuthorization('Bearer secret'), '401 unauthorized', 'not an API key'],
  ['a misspelled parameter', '/v1/employees?search_term=jane', {}, '400 invalid_parameter', 'did you mean searchTerm?'],
  ['dryrun', `${SEND}?dryrun=true`, post(fileForm(CSV)), '400 invalid_parameter', 'did you mean dryRun?'],
  ['dryRun=yes', `${SEND}?dryRun=yes`, post(fileForm(CSV)), '400 invalid_parameter', 'dryRun must be true or false'],
  ['pages from 0', '/v1/employees?page=0', {}, '400 invalid_parameter', 'page must be a whole number from 1'],
  ['everything at once', '/v1/employees?limit=1000000000', {}, '400 invalid_parameter', 'from 1 to 100'],
  ['1e9', '/v1/employees?limit=1e9', {}, '400 invalid_parameter', 'from 1 to 100'],
  [
    'a very long search',
    `/v1/employees?searchTerm=${'a'.repeat(10_000)}`,
    {},
    '400 invalid_parameter',
    '254 characters at most',
  ],
  ['an unknown order', '/v1/employees?sort=name', {}, '400 invalid_parameter', 'one of id, -id, employee_name'],
  ['a status that there is not', '/v1/uploads?status=done', {}, '400 invalid_parameter', 'completed_with_errors'],
  ['a row number for an upload', '/v1/uploads/1', {}, '400 invalid_parameter', 'id must be a UUID'],
  ['DELETE', '/v1/employees', { method: 'DELETE' }, '405 method_not_allowed', 'takes GET, HEAD, not DELETE'],
  [
    'snake_case in JSON',
    '/v1/uploads',
    post('{"file_name":"a.csv","sizeBytes":1}', JSON_TYPE),
    '400 invalid_body',
    'did you mean fileName?',
  ],
  [
    'an event that there is not',
    '/v1/webhooks',
    post('{"url":"https://hooks.example.com/","types":["upload.failed","upload.complete"]}', JSON_TYPE),
    '400 invalid_body',
    'types.1 must be one of upload.completed, ',
  ],
  [
    'a scope that there is not',
    '/v1/api-keys',
    post('{"name":"payroll","scopes":["write"]}', JSON_TYPE),
    '400 invalid_body',
    'scopes.0 must be one of read, upload, operate.',
  ],
  ['no JSON', '/v1/uploads', post('{fileName: 1}', JSON_TYPE), '400 malformed_json', 'position 1'],
];

test('each of the mistakes of a newcomer is answered with what is wrong and how it is done', async () => {
  const { url, database } = await serveApi();
  for (const [mistake, path, init, answer, hint] of MISTAKES) {
    const response = await fetch(url + path, init);
    const { code, detail } = (await response.json()) as { code: string; detail: string };
    expect({ mistake, answer: `${response.status} ${code}`, detail }).toEqual({
      mistake,
      answer,
      detail: expect.stringContaining(hint),
    });
    expect(detail).not.toContain('?.');
  }
  expect((await database.raw('select from uploads')).rows).toEqual([]);
});

test('what is clear enough is taken: a slash too many, another case, the same file twice', async () => {
  const { url } = await serveApi();
  const send = async () => (await fetch(`${url}${SEND}/`, post(fileForm(CSV)))).json();

  const first = Object(await send());
  expect(first).toMatchObject({ status: 'received', duplicateOf: null });
  expect(await send()).toMatchObject({ status: 'received', duplicateOf: first.id });
  expect((await fetch(`${url}/V1/Employees/`)).status).toBe(200);
});
