import { createHash } from 'node:crypto';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { keysOf } from '@rowferry/testing';
import request from 'supertest';
import { expect, test } from 'vitest';
import { answerOf, END_OF_BODY, openFilePart, startUpload } from '../../../test/raw-request.ts';
import { fileForm, serveApi } from '../../../test/serve-api.ts';
import { type ApiFixtures, listen, setupApi } from '../../../test/setup-api.ts';

const PATH = '/v1/employee-data-upload';
const CSV = 'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n';
const MIB = 1024 * 1024;

test('a file becomes an object under its upload’s id, and the answer is 202 with the upload and where to follow it', async () => {
  const { app, database, s3, bucket } = await setupApi();

  const response = await request(app).post(PATH).attach('employee_data', Buffer.from(CSV), 'staff list.csv');

  expect(response.status).toBe(202);
  const { id } = response.body;
  expect(response.headers.location).toBe(`/v1/uploads/${id}`);
  expect(response.body).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    status: 'received',
    fileName: 'staff list.csv',
    sizeBytes: CSV.length,
    receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    startedAt: null,
    finishedAt: null,
    total: null,
    counts: { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 },
    failure: null,
  });
  const key = `uploads/${id}/staff_list.csv`;
  expect(await keysOf(s3, bucket)).toEqual([key]);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  expect(await Body?.transformToString()).toBe(CSV);
  const { rows } = await database.raw('select id, bucket, object_key, file_name, size_bytes, sha256 from uploads');
  expect(rows).toEqual([
    {
      id,
      bucket,
      object_key: key,
      file_name: 'staff list.csv',
      size_bytes: CSV.length,
      sha256: createHash('sha256').update(CSV).digest('hex'),
    },
  ]);
});

test('the upload can be followed at once at its location, which shows what the answer said', async () => {
  const { app } = await setupApi();
  const sent = await request(app).post(PATH).attach('employee_data', Buffer.from(CSV), 'staff.csv');

  const shown = await request(app).get(String(sent.headers.location));

  expect(shown.status).toBe(200);
  expect(shown.body).toEqual(sent.body);
});

test('a file name in any script is shown as it was sent; the key has only safe characters', async () => {
  const { app, s3, bucket } = await setupApi();

  const { body } = await request(app).post(PATH).attach('employee_data', Buffer.from(CSV), 'Größe & 名簿 (1).csv');

  expect(body.fileName).toBe('Größe & 名簿 (1).csv');
  const [key] = await keysOf(s3, bucket);
  expect(key).toMatch(/^uploads\/[0-9a-f-]{36}\/[A-Za-z0-9._-]+\.csv$/);
});

test.for([
  ['has line breaks', 'a\r\nSet-Cookie: b.csv', 'a__Set-Cookie: b.csv'],
  ['is too long', `${'x'.repeat(300)}.csv`, 'x'.repeat(255)],
  ['is too long within a character', `${'x'.repeat(254)}😀.csv`, 'x'.repeat(254)],
])('a file name that %s is made one that can be shown', async ([, name = '', shown]) => {
  const { url } = await serveApi();

  const response = await fetch(url + PATH, { method: 'POST', body: fileForm(CSV, { name }) });

  expect(await response.json()).toMatchObject({ fileName: shown });
});

test('text fields beside the file do no harm', async () => {
  const { app } = await setupApi();
  const response = await request(app)
    .post(PATH)
    .field('note', 'from HR')
    .attach('employee_data', Buffer.from(CSV), 'a.csv');
  expect(response.status).toBe(202);
});

test('a file of many parts arrives byte for byte', async () => {
  const { app, s3, bucket, multiparts } = await setupApi();
  const content = Buffer.alloc(20 * MIB, 'Jane,Acme,0123456789,jane@x.org\n');

  const { status, body } = await request(app).post(PATH).attach('employee_data', content, 'large.csv');

  expect(status).toBe(202);
  expect(body.sizeBytes).toBe(content.length);
  expect(multiparts.opened()).toBe(1);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `uploads/${body.id}/large.csv` }));
  expect(content.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
});

test.for<[what: string, send: (app: ApiFixtures['app']) => request.Test, status: number, code: string]>([
  ['no file', (app) => request(app).post(PATH).field('note', 'no file'), 400, 'no_file'],
  [
    'a file in another field',
    (app) => request(app).post(PATH).attach('file', Buffer.from(CSV), 'a.csv'),
    400,
    'unexpected_field',
  ],
  ['the field, but as text', (app) => request(app).post(PATH).field('employee_data', CSV), 400, 'no_file'],
  [
    'two files in the field',
    (app) =>
      request(app)
        .post(PATH)
        .attach('employee_data', Buffer.from(CSV), 'a.csv')
        .attach('employee_data', Buffer.from(CSV), 'b.csv'),
    400,
    'too_many_files',
  ],
  [
    'a second file in another field',
    (app) =>
      request(app)
        .post(PATH)
        .attach('employee_data', Buffer.from(CSV), 'a.csv')
        .attach('other', Buffer.from(CSV), 'b.csv'),
    400,
    'too_many_files',
  ],
  ['JSON', (app) => request(app).post(PATH).send({ employee_data: CSV }), 415, 'not_multipart'],
  ['bare CSV', (app) => request(app).post(PATH).type('text/csv').send(CSV), 415, 'not_multipart'],
  ['no body at all', (app) => request(app).post(PATH), 415, 'not_multipart'],
  [
    'multipart without a boundary',
    (app) => request(app).post(PATH).set('Content-Type', 'multipart/form-data').send('x'),
    400,
    'malformed_multipart',
  ],
  [
    'a body that is not what its boundary says',
    (app) => request(app).post(PATH).set('Content-Type', 'multipart/form-data; boundary=b').send('nothing of the kind'),
    400,
    'malformed_multipart',
  ],
])('%s is refused, and nothing is stored', async ([, send, status, code]) => {
  const fixtures = await setupApi();

  const response = await send(fixtures.app);

  expect(response.status).toBe(status);
  expect(response.type).toBe('application/problem+json');
  expect(response.body).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status,
    code,
    detail: expect.any(String),
    instance: PATH,
  });
  await expectNothingLeft(fixtures);
});

test('a body that ends before its last boundary is refused, and nothing is stored', async () => {
  const fixtures = await setupApi();
  const { port } = await listen(fixtures.app);

  const truncated = startUpload(port);
  truncated.end(openFilePart(CSV));

  expect(await answerOf(truncated)).toMatchObject({ status: 400, body: { code: 'malformed_multipart' } });
  await expectNothingLeft(fixtures);
});

test('a file of just MAX_UPLOAD_BYTES is taken, one byte more is a 413 of which nothing is left', async () => {
  const taken = await setupApi({ maxUploadBytes: CSV.length });
  expect((await request(taken.app).post(PATH).attach('employee_data', Buffer.from(CSV), 'a.csv')).status).toBe(202);

  const refused = await setupApi({ maxUploadBytes: CSV.length - 1 });
  const response = await request(refused.app).post(PATH).attach('employee_data', Buffer.from(CSV), 'a.csv');
  expect(response).toMatchObject({ status: 413, type: 'application/problem+json', body: { code: 'file_too_large' } });
  await expectNothingLeft(refused);
});

test('a file that passes the limit after parts of it are in S3 leaves no part there', async () => {
  const fixtures = await setupApi({ maxUploadBytes: 18 * MIB });
  const { port } = await listen(fixtures.app);
  const large = startUpload(port);
  large.write(openFilePart(Buffer.alloc(17 * MIB, 'a')));
  await expect.poll(fixtures.multiparts.opened).toBe(1);

  large.end(Buffer.concat([Buffer.alloc(2 * MIB, 'b'), Buffer.from(END_OF_BODY)]));

  expect(await answerOf(large)).toMatchObject({ status: 413, body: { code: 'file_too_large' } });
  await expectNothingLeft(fixtures);
});

test('a client that disconnects in the middle leaves nothing, neither an object nor parts nor an open upload', async () => {
  const fixtures = await setupApi();
  const { port } = await listen(fixtures.app);
  const broken = startUpload(port);
  broken.write(openFilePart(Buffer.alloc(17 * MIB, 'a')));
  await expect.poll(fixtures.multiparts.opened).toBe(1);
  expect(await openUploads(fixtures)).toBe(1);

  broken.destroy();

  await expect.poll(() => openUploads(fixtures), { timeout: 10_000 }).toBe(0);
  await expectNothingLeft(fixtures);
});

async function openUploads({ database }: ApiFixtures): Promise<number> {
  const { rows } = await database.raw<{ rows: unknown[] }>('select from uploads');
  return rows.length;
}

async function expectNothingLeft(fixtures: ApiFixtures): Promise<void> {
  const left = async () => ({
    objects: await keysOf(fixtures.s3, fixtures.bucket),
    multiparts: await fixtures.multiparts.left(fixtures.s3),
    uploads: await openUploads(fixtures),
  });
  await expect.poll(left, { timeout: 10_000 }).toEqual({ objects: [], multiparts: [], uploads: 0 });
}
