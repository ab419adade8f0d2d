import { DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { findSettings, putProfile } from '@rowferry/aws';
import { newUploadId } from '@rowferry/messages';
import { keysOf } from '@rowferry/testing';
import request from 'supertest';
import { expect, test } from 'vitest';
import { type ApiFixtures, setupApi } from '../../test/setup-api.ts';

const PATH = '/v1/employee-data-upload';
const HEADER = ['employee_name', 'company_name', 'mobile_no', 'email'];
const CSV = `${HEADER}\nJane,Acme,0123456789,jane@x.org\n`;

function send({ app }: ApiFixtures, query = '', fields: Record<string, string> = {}, csv = CSV): request.Test {
  const sent = request(app).post(PATH + query);
  for (const [name, value] of Object.entries(fields)) sent.field(name, value);
  return sent.attach('employee_data', Buffer.from(csv), 'staff.csv');
}

async function metadataOf({ s3, bucket }: ApiFixtures, id: string) {
  const keys = await keysOf(s3, bucket);
  const Key = keys.find((key) => key.startsWith(`uploads/${id}/`));
  return (await s3.send(new HeadObjectCommand({ Bucket: bucket, Key }))).Metadata ?? {};
}

/** What the file of an upload is read by, as the producer finds it. */
async function settingsOf(api: ApiFixtures, id: string) {
  const { 'import-settings': settingsId } = await metadataOf(api, id);
  return findSettings(api.s3, { id, bucket: api.bucket, key: `uploads/${id}/staff.csv`, settingsId });
}

async function storePayroll({ s3, bucket }: ApiFixtures, header: readonly string[] = HEADER) {
  await putProfile(s3, bucket, 'payroll', {
    settings: { delimiter: ',' },
    header,
    updatedAt: '2026-11-28T12:00:00.000Z',
  });
}

test('a file names the settings that came with it, in the query or in the form', async () => {
  const api = await setupApi();

  const inQuery = await send(api, '?delimiter=comma&headerLine=1');
  const inForm = await send(api, '', { delimiter: 'comma', headerLine: '1' });
  const without = await send(api);

  for (const { status, body } of [inQuery, inForm]) {
    expect(status).toBe(202);
    expect(await settingsOf(api, body.id)).toEqual({ delimiter: ',', headerLine: 1 });
  }
  expect(Object.keys(await metadataOf(api, without.body.id)).toSorted()).toEqual(['request-id', 'upload-id']);
  expect((await keysOf(api.s3, api.bucket)).filter((key) => key.startsWith('import-settings/'))).toHaveLength(1);
});

test('settings behind the file are refused, and nothing of the file is left, whatever was wrong with it', async () => {
  const api = await setupApi();
  const late = (csv: string, query = '') =>
    request(api.app)
      .post(PATH + query)
      .attach('employee_data', Buffer.from(csv), 'staff.csv')
      .field('note', 'this is no setting')
      .field('constants.company_name', 'Acme');

  for (const answer of [
    await late(CSV),
    await late('employee_name,email\nJane,jane@x.org\n'),
    await late(CSV, '?dryRun=true'),
  ])
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'field_after_file',
        detail: expect.stringContaining('curl -F constants.company_name=… -F employee_data=@staff.csv'),
        errors: [{ parameter: 'constants.company_name', message: 'came after the file' }],
      },
    });
  expect(await keysOf(api.s3, api.bucket)).toEqual([]);
  await expect.poll(async () => (await api.database.raw('select from uploads')).rows).toEqual([]);
});

test.for<[string, Record<string, string>, string]>([
  ['?delimiter=colon', {}, 'delimiter'],
  ['', { headerLine: 'two' }, 'headerLine'],
  ['', { delimeter: 'comma' }, 'delimeter'],
  ['?dryRun=true&columns.email=0', {}, 'columns.email'],
])('settings that are not valid are refused, and named: %s %j', async ([query, fields, parameter]) => {
  const api = await setupApi();

  const { status, body } = await send(api, query, fields);

  expect({ status, body }).toMatchObject({ status: 400, body: { code: 'invalid_settings', errors: [{ parameter }] } });
  expect(await keysOf(api.s3, api.bucket)).toEqual([]);
});

test('settings that are too long are refused without being kept in memory', async () => {
  const api = await setupApi();
  const settings = JSON.stringify({ constants: { company_name: 'x'.repeat(1024 * 1024) } });

  const { status, body } = await send(api, '', { settings });

  expect({ status, body }).toMatchObject({
    status: 400,
    body: { code: 'malformed_multipart', errors: [{ parameter: 'settings', message: 'has more than 16384 bytes' }] },
  });
});

test('a file is read by what its profile says when it comes', async () => {
  const api = await setupApi();
  await storePayroll(api);

  const { status, body } = await send(api, '?profile=payroll');
  await storePayroll(api, ['changed']);

  expect(status).toBe(202);
  expect(await settingsOf(api, body.id)).toEqual({
    delimiter: ',',
    expectedHeader: { profile: 'payroll', cells: HEADER },
  });
});

test('an upload says what it is read by, its profile as it was then, and of a file that is gone that nobody knows', async () => {
  const api = await setupApi();
  await storePayroll(api);
  const saidOf = async ({ id }: { id: string }) => (await request(api.app).get(`/v1/uploads/${id}/settings`)).body;
  const byProfile = (await send(api, '?profile=payroll')).body;
  const stated = (await send(api, '', { 'constants.company_name': 'Acme' })).body;
  const plain = (await send(api)).body;
  await putProfile(api.s3, api.bucket, 'payroll', {
    settings: {},
    header: HEADER,
    updatedAt: '2026-11-28T13:00:00.000Z',
  });

  expect(await saidOf(byProfile)).toEqual({ profile: 'payroll', settings: { delimiter: ',' } });
  expect(await saidOf(stated)).toEqual({ profile: null, settings: { constants: { company_name: 'Acme' } } });
  expect(await saidOf(plain)).toEqual({ profile: null, settings: {} });

  const key = (await keysOf(api.s3, api.bucket)).find((each) => each.startsWith(`uploads/${plain.id}/`));
  await api.s3.send(new DeleteObjectCommand({ Bucket: api.bucket, Key: key }));
  expect(await saidOf(plain)).toEqual({ profile: null, settings: null });
});

test.for(['crm', 'Pay roll', '../uploads/x'])('a profile that is not there is refused: %s', async (profile) => {
  const api = await setupApi();

  for (const query of ['', '?dryRun=true']) {
    expect(await send(api, query, { profile })).toMatchObject({
      status: 422,
      body: { code: 'unknown_profile', errors: [{ parameter: 'profile', message: 'is not known' }] },
    });
  }
  expect(await keysOf(api.s3, api.bucket)).toEqual([]);
});

test('a file with another header than its profile is refused with the difference; a dry run says the same', async () => {
  const api = await setupApi();
  await storePayroll(api, [...HEADER, 'Notes']);
  const detail = expect.stringContaining('Missing: "Notes".');

  const refused = await send(api, '?profile=payroll');
  const dry = await send(api, '?profile=payroll&dryRun=true');

  expect(refused).toMatchObject({ status: 422, body: { code: 'profile_mismatch', detail } });
  expect(dry).toMatchObject({ status: 200, body: { failure: { code: 'profile_mismatch', detail } } });
});

test('the same file with other settings is other content for an idempotency key', async () => {
  const api = await setupApi();
  await storePayroll(api);
  const keyed = (query: string) => send(api, query).set('Idempotency-Key', 'k');

  const first = await keyed('?profile=payroll');
  await storePayroll(api, ['changed']);

  expect(first.status).toBe(202);
  // What it named is the same, whatever that says by now.
  expect((await keyed('?profile=payroll')).body.id).toBe(first.body.id);
  for (const query of ['', '?delimiter=comma', '?profile=crm'])
    expect(await keyed(query)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
});

test('a file that goes straight to S3 names its settings or its profile', async () => {
  const api = await setupApi();
  await storePayroll(api);
  const plan = (body: object) =>
    request(api.app)
      .post('/v1/uploads')
      .send({ fileName: 'staff.csv', sizeBytes: 4, ...body });
  const openings: unknown[] = [];
  api.s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'CreateMultipartUploadCommand')
          openings.push(Object(args.input).Metadata['import-settings']);
        return next(args);
      },
    { step: 'initialize' },
  );

  expect((await plan({})).status).toBe(201);
  expect((await plan({ settings: { constants: { company_name: 'Acme' } } })).status).toBe(201);
  expect((await plan({ profile: 'payroll' })).status).toBe(201);

  const [none, ofSettings, ofProfile] = openings;
  expect(none).toBeUndefined();
  const upload = { id: newUploadId(), bucket: api.bucket, key: 'uploads/x.csv' };
  expect(await findSettings(api.s3, { ...upload, settingsId: String(ofSettings) })).toEqual({
    constants: { company_name: 'Acme' },
  });
  expect(await findSettings(api.s3, { ...upload, settingsId: String(ofProfile) })).toMatchObject({
    expectedHeader: { profile: 'payroll' },
  });
  expect(await plan({ profile: 'crm' })).toMatchObject({ status: 422, body: { code: 'unknown_profile' } });
  expect(await plan({ settings: { headerLine: -1 } })).toMatchObject({
    status: 400,
    body: { code: 'invalid_body', errors: [{ parameter: 'settings.headerLine' }] },
  });
  expect(await plan({ settings: {}, profile: 'payroll' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_body', errors: [{ parameter: 'profile', message: 'goes with no settings' }] },
  });
});
