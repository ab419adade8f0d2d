import { PutObjectCommand } from '@aws-sdk/client-s3';
import { keysOf } from '@rowferry/testing';
import request from 'supertest';
import { expect, test } from 'vitest';
import { setupApi } from '../../test/setup-api.ts';

const PATH = '/v1/import-profiles';
const SETTINGS = { columns: { email: 'Mail' }, constants: { company_name: 'Acme' } };
const HEADER = ['Name', 'Mail'];

async function setup() {
  const api = await setupApi();
  const put = (name: string, body: object) => request(api.app).put(`${PATH}/${name}`).send(body);
  const get = (path: string) => request(api.app).get(path);
  return { ...api, put, get };
}

test('a profile is stored, shown, listed by name, replaced and deleted', async () => {
  const { app, put, get, s3, bucket } = await setup();

  const stored = await put('payroll', { settings: SETTINGS, header: HEADER });
  await put('crm', { settings: { headerLine: 0, columns: { email: 1 } } });
  await put('payroll', { settings: { ...SETTINGS, delimiter: 'semicolon' }, header: HEADER });

  expect(stored.status).toBe(200);
  expect(stored.body).toEqual({
    name: 'payroll',
    settings: SETTINGS,
    header: HEADER,
    updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect((await get(`${PATH}/payroll`)).body).toMatchObject({
    settings: { ...SETTINGS, delimiter: ';' },
    header: HEADER,
  });
  expect((await get(`${PATH}/crm`)).body).toMatchObject({ name: 'crm', header: [] });
  expect((await get(PATH)).body).toMatchObject({
    data: [{ name: 'crm' }, { name: 'payroll' }],
    pagination: { total: 2 },
  });
  const second = await get(`${PATH}?limit=1&page=2`);
  expect(second.body.data).toMatchObject([{ name: 'payroll' }]);
  expect(second.headers.link).toContain('rel="prev"');

  expect((await request(app).delete(`${PATH}/payroll`)).status).toBe(204);
  expect((await request(app).delete(`${PATH}/payroll`)).status).toBe(204);
  expect(await get(`${PATH}/payroll`)).toMatchObject({ status: 404, body: { code: 'profile_not_found' } });
  expect(await keysOf(s3, bucket)).toEqual(['import-profiles/crm.json']);
});

test.for<[what: string, body: object, errors: object[]]>([
  ['no header', { settings: {} }, [{ parameter: 'header' }]],
  ['a blank header', { settings: {}, header: ['', ' '] }, [{ parameter: 'header' }]],
  ['a header of other things', { settings: {}, header: [1] }, [{ parameter: 'header.0' }]],
  ['a header where there is none', { settings: { headerLine: 0 }, header: HEADER }, [{ parameter: 'header' }]],
  ['no settings', { header: HEADER }, [{ parameter: 'settings' }]],
  [
    'settings that are not valid',
    { settings: { columns: { email: -1, age: 2 } }, header: HEADER },
    [{ parameter: 'settings.columns.email' }, { parameter: 'settings.columns.age', message: 'is not known here' }],
  ],
  ['another member', { settings: {}, header: HEADER, name: 'x' }, [{ parameter: 'name' }]],
  ['too many cells', { settings: {}, header: Array(16_385).fill('x') }, [{ parameter: 'header' }]],
  ['too long a cell', { settings: {}, header: ['x'.repeat(1001)] }, [{ parameter: 'header.0' }]],
])('a profile with %s is refused, and the one of its name stays', async ([, body, errors]) => {
  const { put, get } = await setup();
  await put('payroll', { settings: SETTINGS, header: HEADER });

  const refused = await put('payroll', body);

  expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_body', errors } });
  expect((await get(`${PATH}/payroll`)).body.settings).toEqual(SETTINGS);
});

test.for([{ columns: { email: 'E-Mail' } }, { columns: { employee_name: ['Name', 3] } }])(
  'a profile whose settings are not for its own header is refused: %j',
  async (settings) => {
    const { put, get } = await setup();

    const { status, body } = await put('payroll', { settings, header: HEADER });

    const [column] = Object.keys(settings.columns);
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { code: 'settings_mismatch', errors: [{ parameter: `settings.columns.${column}` }] },
    });
    expect((await get(`${PATH}/payroll`)).status).toBe(404);
  },
);

test('names that would be no folder are refused', async () => {
  const { put, get, app } = await setup();

  for (const name of ['Payroll', 'a.b', '..%2Fx', '%C3%A4', 'a'.repeat(65)]) {
    for (const answer of [
      await put(name, { settings: {}, header: HEADER }),
      await get(`${PATH}/${name}`),
      await request(app).delete(`${PATH}/${name}`),
    ])
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ parameter: 'name' }] } });
  }
});

test('a profile over 1 MiB is refused before it is read', async () => {
  const { put } = await setup();

  const { status, body } = await put('payroll', { settings: {}, header: Array(1100).fill('x'.repeat(1000)) });

  expect({ status, code: body.code }).toEqual({ status: 413, code: 'body_too_large' });
});

test('what somebody else put there is said, and can be replaced and deleted', async () => {
  const { put, get, s3, bucket } = await setup();
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'import-profiles/payroll.json', Body: 'columns: email' }));

  expect(await get(`${PATH}/payroll`)).toMatchObject({
    status: 404,
    body: { code: 'profile_not_found', detail: expect.stringContaining('it is not JSON') },
  });
  expect((await put('payroll', { settings: SETTINGS, header: HEADER })).status).toBe(200);
  expect((await get(`${PATH}/payroll`)).status).toBe(200);
});
