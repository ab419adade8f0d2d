import { HEAD_BYTES } from '@rowferry/csv';
import { keysOf } from '@rowferry/testing';
import request from 'supertest';
import { expect, test } from 'vitest';
import { answerOf, END_OF_BODY, openFilePart, startUpload } from '../../test/raw-request.ts';
import { type ApiFixtures, listen, setupApi } from '../../test/setup-api.ts';

const PATH = '/v1/employee-data-upload';
const MIB = 1024 * 1024;

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

test.for<[what: string, content: Buffer, advice: string]>([
  ['an Excel workbook', bytes('PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml'), 'Save as → CSV UTF-8'],
  ['an old Excel workbook', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'), 'Save as → CSV UTF-8'],
  ['a ZIP archive', bytes('PK\x03\x04\x14\0\0\0\x08\0staff.csv'), 'Unpack it'],
  ['a PDF', bytes('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'), 'Save as → CSV UTF-8'],
  ['a PNG image', bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), 'Save as → CSV UTF-8'],
  ['binary data', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256)), 'Save it as CSV UTF-8'],
])('%s is refused with 415 and what to do about it; nothing of it is kept', async ([what, content, advice]) => {
  const fixtures = await setupApi();

  const response = await request(fixtures.app).post(PATH).attach('employee_data', content, 'staff.csv');

  expect(response).toMatchObject({
    status: 415,
    type: 'application/problem+json',
    body: { status: 415, code: 'not_csv', title: 'The file is not CSV' },
  });
  expect(response.body.detail).toContain(what);
  expect(response.body.detail).toContain(advice);
  await expectNothingKept(fixtures);
});

test('a large one is refused too, without a part of it getting to S3', async () => {
  const fixtures = await setupApi();
  const { port } = await listen(fixtures.app);
  const upload = startUpload(port);

  upload.write(openFilePart(Buffer.concat([bytes('%PDF-1.7\n'), Buffer.alloc(20 * MIB, 'x')])));
  upload.end(END_OF_BODY);

  expect(await answerOf(upload)).toMatchObject({ status: 415, body: { code: 'not_csv' } });
  expect(fixtures.multiparts.opened()).toBe(0);
  await expectNothingKept(fixtures);
});

test.for<[code: string, content: string, detail: string, columns: string[]]>([
  ['empty_file', '\r\n,,\r\n', 'The file is empty: it has no header and no rows.', []],
  ['missing_columns', 'Name,Company\nJane,Acme\n', 'The header lacks email. It has: "Name", "Company".', ['email']],
  ['ambiguous_columns', 'Name,Company,E-Mail,Mail\n', 'could be email ("E-Mail", "Mail")', ['email']],
  ['too_many_columns', `${','.repeat(20_000)}x\n`, 'The header has 20001 columns', []],
  ['missing_columns', '"Name,Company,E-Mail\n', 'The header cannot be read: A quote that opens a field', []],
])(
  'a file that would fail as %s is refused with 422, the same words, and nothing of it is kept',
  async ([code, content, detail, columns]) => {
    const fixtures = await setupApi();

    const { status, type, body } = await request(fixtures.app)
      .post(PATH)
      .attach('employee_data', Buffer.from(content), 'staff.csv');

    expect({ status, type, body }).toMatchObject({ status: 422, type: 'application/problem+json', body: { code } });
    expect(body.detail).toContain(detail);
    expect((body.errors ?? []).map(({ parameter }: { parameter: string }) => parameter)).toEqual(columns);
    await expectNothingKept(fixtures);
  },
);

test('a file of which only later bytes could tell is taken', async () => {
  const { app } = await setupApi();
  const late = `${'\n'.repeat(2 * HEAD_BYTES)}Name,Company\n`;
  expect((await request(app).post(PATH).attach('employee_data', Buffer.from(late), 'staff.csv')).status).toBe(202);
});

test('a file that only later has bytes of an image is taken: a damaged cell costs its row, not the file', async () => {
  const { app } = await setupApi();
  const csv = 'name,company,phone,email\n'.padEnd(HEAD_BYTES, '\n');

  const response = await request(app)
    .post(PATH)
    .attach('employee_data', Buffer.concat([Buffer.from(csv), bytes('\x89PNG\r\n\x1a\n')]), 'staff.csv');

  expect(response.status).toBe(202);
});

async function expectNothingKept({ database, s3, bucket, multiparts }: ApiFixtures): Promise<void> {
  expect((await database.raw('select from uploads')).rows).toEqual([]);
  expect(await keysOf(s3, bucket)).toEqual([]);
  expect(await multiparts.left(s3)).toEqual([]);
}
