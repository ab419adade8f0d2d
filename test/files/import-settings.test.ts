import { readFile } from 'node:fs/promises';
import { SEGMENT_BYTES } from '@rowferry/csv';
import request from 'supertest';
import { expect, test } from 'vitest';
import { type Import, setupImport } from './import-file.ts';

/** No column for the company, a name in two columns, and headings that nobody knows. */
const HEADER = ['Vorn.', 'Nachn.', 'Handynr. dienstl.', 'Kontakt'];
const CSV = `${HEADER}\nJane,Doe,0123456789,jane@x.org\n`;
const SETTINGS = {
  columns: { employee_name: ['Vorn.', 'Nachn.'], mobile_no: 3, email: 'Kontakt' },
  constants: { company_name: 'Acme Ltd' },
};
const AS_QUERY =
  '?columns.employee_name=Vorn.&columns.employee_name=Nachn.&columns.mobile_no=3&columns.email=Kontakt' +
  '&constants.company_name=Acme%20Ltd';
const JANE = { employee_name: 'Jane Doe', company_name: 'Acme Ltd', mobile_no: '0123456789', email: 'jane@x.org' };

async function storeProfile(
  { app }: Import,
  name: string,
  settings: object = SETTINGS,
  header: readonly string[] = HEADER,
) {
  const { status, body } = await request(app).put(`/v1/import-profiles/${name}`).send({ settings, header });
  if (status !== 200) throw new Error(`not stored: ${JSON.stringify(body)}`);
}

/** Sends a file straight to S3, as one part, and lets it be read. */
async function importDirectly(imports: Import, content: string, how: object) {
  const plan = { fileName: 'staff.csv', sizeBytes: Buffer.byteLength(content), ...how };
  const { body } = await request(imports.app).post('/v1/uploads').send(plan);
  const put = await fetch(body.parts[0].url, { method: 'PUT', body: content });
  const parts = [{ partNumber: 1, etag: put.headers.get('etag') }];
  await request(imports.app).post(`/v1/uploads/${body.upload.id}/complete`).send({ parts });
  return imports.readStored(body.upload.id);
}

test('settings are used alike in the query, as JSON, by a profile, straight to S3 and in a dry run', async () => {
  const imports = await setupImport();
  await storeProfile(imports, 'payroll');
  const settings = `?settings=${encodeURIComponent(JSON.stringify(SETTINGS))}`;

  for (const query of [AS_QUERY, settings, '?profile=payroll']) {
    const dryRun = await imports.send(CSV, `${query}&dryRun=true`);
    const upload = await imports.importFile(CSV, query);
    expect(dryRun.body).toMatchObject({ total: 1, failure: null, columns: upload.columns, detected: upload.detected });
    expect(upload).toMatchObject({ status: 'completed', total: 1, ignoredColumns: [] });
    expect(await imports.employees()).toEqual([JANE]);
  }
  for (const how of [{ settings: SETTINGS }, { profile: 'payroll' }])
    expect(await importDirectly(imports, CSV, how)).toMatchObject({ status: 'completed', counts: { unchanged: 1 } });
  expect((await imports.send(CSV)).body.code).toBe('missing_columns');
});

test('a file in the folder of a profile is read by it; the same file read again is, whatever the profile says by then', async () => {
  const imports = await setupImport();
  await storeProfile(imports, 'payroll');
  const upload = await imports.importObject('uploads/payroll/2026/staff.csv', CSV);
  expect(await imports.employees()).toEqual([JANE]);

  await storeProfile(imports, 'payroll', { ...SETTINGS, constants: { company_name: 'Other' } });
  const again = await imports.readAgain('uploads/payroll/2026/staff.csv');
  const next = await imports.importObject('uploads/payroll/next.csv', CSV);

  expect(again).toEqual(upload);
  expect(next).toMatchObject({ status: 'completed', counts: { updated: 1 } });
  expect(await imports.employees()).toEqual([{ ...JANE, company_name: 'Other' }]);
});

test('a file in such a folder with another header fails with the difference, and nothing of it is written', async () => {
  const imports = await setupImport();
  await storeProfile(imports, 'payroll');

  const upload = await imports.importObject('uploads/payroll/staff.csv', CSV.replace('Kontakt', 'E-Mail'));

  expect(upload).toMatchObject({
    status: 'failed',
    failure: { code: 'profile_mismatch', detail: expect.stringContaining('Missing: "Kontakt". New: "E-Mail".') },
  });
  expect(await imports.employees()).toEqual([]);
});

test('each segment of a large file is read by its settings', async () => {
  const imports = await setupImport();
  const rows = Math.ceil((SEGMENT_BYTES * 2.5) / 1000);
  const note = 'x'.repeat(950);
  const lines = Array.from({ length: rows }, (_, n) => `Jane,Doe ${n},0123456789,jane${n}@x.org,${note}\n`);

  const upload = await imports.importFile(`${HEADER},Notiz\n${lines.join('')}`, AS_QUERY);

  expect(upload).toMatchObject({ status: 'completed', total: rows, counts: { inserted: rows } });
  const last = (await imports.get(`/v1/employees?searchTerm=jane${rows - 1}@x.org`)).body.data;
  expect(last).toMatchObject([{ employee_name: `Jane Doe ${rows - 1}`, company_name: 'Acme Ltd' }]);
});

test('the correction CSV of such a file has its own columns, and is read by the same settings, or the same profile', async () => {
  const imports = await setupImport();
  await storeProfile(imports, 'payroll', { ...SETTINGS, headerLine: 3 });
  const file = `Liste\n\n${CSV}Joan,Roe,12,joan@x.org\n`;

  const upload = await imports.importFile(file, '?profile=payroll');
  const { text } = await imports.get(`/v1/uploads/${upload.id}/failed-rows.csv`);

  expect(upload).toMatchObject({ status: 'completed_with_errors', counts: { inserted: 1, rejected: 1 } });
  expect(text.replace('\ufeff', '').split('\r\n')[0]).toBe(`${HEADER},line,error_code,error`);
  const corrected = text.replace(',12,', ',0301234567,');
  for (const query of [AS_QUERY, '?profile=payroll'])
    expect(await imports.importFile(corrected, query)).toMatchObject({ status: 'completed', total: 1 });
  expect(await imports.employees()).toContainEqual({
    employee_name: 'Joan Roe',
    company_name: 'Acme Ltd',
    mobile_no: '0301234567',
    email: 'joan@x.org',
  });
});

test.for<[string, RegExp]>([
  ['columns.email=Mail', /email: the header has no "Mail"/],
  ['columns.email=5', /email: position 5 is none of 1 to 4/],
  ['headerLine=90', /line 90/],
])(
  'settings that are not for the file are refused, and in its dry run and from the bucket fail: %s',
  async ([setting, says]) => {
    const imports = await setupImport();
    const [name = '', value = ''] = setting.split('=');
    const [group = '', column] = name.split('.');
    const source = /^\d+$/.test(value) ? Number(value) : value;
    const settings = column === undefined ? { [group]: source } : { [group]: { [column]: source } };

    const refused = await imports.send(CSV, `?${setting}`);
    const dryRun = await imports.send(CSV, `?${setting}&dryRun=true`);
    const direct = await importDirectly(imports, CSV, { settings });

    const failure = { code: 'settings_mismatch', detail: expect.stringMatching(says) };
    expect(refused).toMatchObject({ status: 422, body: failure });
    expect(dryRun).toMatchObject({ status: 200, body: { failure } });
    expect(direct).toMatchObject({ status: 'failed', failure });
  },
);

test('the example without a company column is imported with the company stated', async () => {
  const imports = await setupImport();
  const example = await readFile(new URL('../../examples/no-company.csv', import.meta.url));

  expect((await imports.send(example)).body).toMatchObject({
    code: 'missing_columns',
    errors: [{ parameter: 'company_name' }],
  });
  expect(await imports.importFile(example, '?constants.company_name=Quill')).toMatchObject({ counts: { inserted: 2 } });
});
