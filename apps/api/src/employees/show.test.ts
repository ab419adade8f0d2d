import { finishSegment, openUpload, receiveUpload, writeRows } from '@rowferry/database';
import { anUpload } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { serveApi } from '../../test/serve-api.ts';

const EMPLOYEE = { employee_name: 'Ada', company_name: 'Acme', mobile_no: null, email: 'ada@x.org' };

test('an employee is shown with the row that the values come from, whether or not its upload is known', async () => {
  const { url, database, bucket } = await serveApi();
  const known = anUpload({ bucket, fileName: 'staff.csv' });
  const unknown = anUpload();
  await openUpload(database, known);
  await receiveUpload(database, known.id, { sizeBytes: 1, sha256: null, etag: 'e7a9' });
  const receivedAt = '2026-11-20T08:15:30.250Z';
  const receivedAtMicros = Date.parse(receivedAt) * 1000;
  const row = { attempts: 1, receivedAtMicros };
  await writeRows(
    database,
    [
      { ...row, uploadId: known.id, line: 7, employee: EMPLOYEE },
      { ...row, uploadId: unknown.id, line: 9, employee: { ...EMPLOYEE, email: 'bob@x.org' } },
    ],
    [],
  );
  await finishSegment(database, { uploadId: known.id, segment: 0, rows: 1 });

  const list = (await (await fetch(`${url}/v1/employees`)).json()) as { data: { id: number; email: string }[] };
  const show = async (email: string) => {
    const id = list.data.find((employee) => employee.email === email)?.id;
    return (await fetch(`${url}/v1/employees/${id}`)).json();
  };

  const [ada] = list.data.filter(({ email }) => email === 'ada@x.org');
  expect(await show('ada@x.org')).toEqual({
    ...ada,
    origin: { uploadId: known.id, fileName: 'staff.csv', line: 7, receivedAt },
  });
  expect(await show('bob@x.org')).toMatchObject({ origin: { uploadId: unknown.id, fileName: null, line: 9 } });
});

test('who is not there is not found, and an address is no id', async () => {
  const { url } = await serveApi();

  const missing = await fetch(`${url}/v1/employees/42`);
  const address = await fetch(`${url}/v1/employees/ada@x.org`);

  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({
    code: 'employee_not_found',
    detail: 'There is no employee with the id 42.',
  });
  expect(address.status).toBe(400);
  expect(await address.json()).toMatchObject({ errors: [{ parameter: 'employeeId' }] });
});
