import { keysOf, removeObject } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { setupImport } from './import-file.ts';

/** Three people on one address, and a column that Rowferry does not know. */
const FILE = `Badge,Name,Company,Phone,Mail
007,Abe Cole,"Oak, Ltd",07700 900601,yard@oak.example
008,Bea Dunn,"Oak, Ltd",,Yard@oak.example
009,Cy Eads,"Oak, Ltd",07700 900603,yard@oak.example
`;

test('rows that another row won over are listed with their values and that row', async () => {
  const imports = await setupImport();
  const { id, status, counts } = await imports.importFile(FILE);
  expect({ status, counts }).toMatchObject({ status: 'completed', counts: { inserted: 1, superseded: 2 } });

  const { body } = await imports.get(`/v1/uploads/${id}/failed-rows?outcome=superseded`);

  const row = {
    uploadId: id,
    outcome: 'superseded',
    errors: [],
    supersededBy: { uploadId: id, fileName: 'staff.csv', line: 4 },
  };
  expect(body).toMatchObject({
    data: [
      { ...row, line: 2, raw: { employee_name: 'Abe Cole', mobile_no: '07700 900601', email: 'yard@oak.example' } },
      { ...row, line: 3, raw: { employee_name: 'Bea Dunn', mobile_no: null, email: 'yard@oak.example' } },
    ],
    pagination: { total: 2 },
  });
  expect((await imports.get(`/v1/uploads/${id}/failed-rows`)).body.data).toEqual([]);
  expect((await imports.get('/v1/failed-rows?outcome=superseded&limit=1')).body).toMatchObject({
    data: [{ line: 2 }],
    pagination: { total: 2 },
  });
});

test('they are downloaded with the columns of the file, and say which row won; also when the file is gone', async () => {
  const imports = await setupImport();
  const { id } = await imports.importFile(FILE);
  const path = `/v1/uploads/${id}/failed-rows.csv?outcome=superseded`;
  const reason = 'superseded,another row with the same e-mail counts: line 4 of this file';

  const response = await imports.get(path);

  expect(response.headers['content-disposition']).toBe('attachment; filename=staff-superseded-rows.csv');
  expect(response.text).toBe(
    `\ufeff${[
      'Badge,Name,Company,Phone,Mail,line,error_code,error',
      `"=""007""",Abe Cole,"Oak, Ltd",07700 900601,yard@oak.example,2,${reason}`,
      `"=""008""",Bea Dunn,"Oak, Ltd",,Yard@oak.example,3,${reason}`,
    ].join('\r\n')}\r\n`,
  );
  // They have not failed: a file of all failed rows is without them.
  const all = await imports.get(`/v1/uploads/${id}/failed-rows.csv?outcome=all`);
  expect(all.text).toBe('\ufeffBadge,Name,Company,Phone,Mail,line,error_code,error\r\n');

  const newer = await imports.importFile('name,company,phone,email\nZed,Oak,07700 900604,yard@oak.example\n');
  const { s3, bucket } = imports;
  for (const key of await keysOf(s3, bucket)) await removeObject(s3, { bucket, key });
  expect((await imports.get(path)).text).toBe(
    `\ufeff${[
      'employee_name,company_name,mobile_no,email,line,error_code,error',
      ...['Abe Cole,"Oak, Ltd",07700 900601', 'Bea Dunn,"Oak, Ltd",'].map(
        (values, index) =>
          `${values},yard@oak.example,${index + 2},superseded,another row with the same e-mail counts: line 2 of staff.csv (upload ${newer.id})`,
      ),
    ].join('\r\n')}\r\n`,
  );
});
