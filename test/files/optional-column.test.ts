import { expect, test } from 'vitest';
import { setupImport } from './import-file.ts';

const JANE = { employee_name: 'Jane Doe', company_name: 'Acme', mobile_no: null, email: 'jane@acme.example' };
const OMAR = { employee_name: 'Omar Diaz', company_name: 'Acme', mobile_no: '0301234567', email: 'omar@acme.example' };

test('a file without a column for the telephone is taken: all its people are stored without a number', async () => {
  const imports = await setupImport();
  const upload = await imports.importFile('Name,Company,E-Mail\nJane Doe,Acme,jane@acme.example\n');
  expect(upload).toMatchObject({
    status: 'completed',
    counts: { inserted: 1 },
    columns: { employee_name: 'Name', company_name: 'Company', mobile_no: null, email: 'E-Mail' },
  });
  expect(await imports.employees()).toEqual([JANE]);
  expect((await imports.get('/v1/employees')).body.data).toMatchObject([JANE]);
});

test('a blank cell is a person without a number, and the others keep theirs', async () => {
  const imports = await setupImport();
  const { counts } = await imports.importFile(
    'Name,Company,Phone,E-Mail\nJane Doe,Acme,,jane@acme.example\nOmar Diaz,Acme,0301234567,omar@acme.example\n',
  );
  expect(counts).toMatchObject({ inserted: 2, rejected: 0 });
  expect(await imports.employees()).toEqual([JANE, OMAR]);
});

test('the newest row counts as a whole: a number goes where it has none, and a row without one again changes nothing', async () => {
  const imports = await setupImport();
  await imports.importFile('Name,Company,Phone,E-Mail\nJane Doe,Acme,0309999999,jane@acme.example\n');
  const withoutNumber = 'Name,Company,E-Mail\nJane Doe,Acme,jane@acme.example\n';
  expect((await imports.importFile(withoutNumber)).counts).toMatchObject({ updated: 1 });
  expect((await imports.importFile(`${withoutNumber}\n`)).counts).toMatchObject({ unchanged: 1 });
  expect(await imports.employees()).toEqual([JANE]);
});

test('an export of people without a number, sent again, changes nothing', async () => {
  const imports = await setupImport();
  await imports.importFile('Name,Company,E-Mail\nJane Doe,Acme,jane@acme.example\n');
  const { text } = await imports.get('/v1/employees.csv');
  expect(text.split('\r\n')[1]).toMatch(/^Jane Doe,Acme,,jane@acme.example,/);
  expect((await imports.importFile(text)).counts).toMatchObject({ unchanged: 1 });
});

test('a dry run counts the same: new without a number, then unchanged', async () => {
  const imports = await setupImport();
  const file = 'Name,Company,E-Mail\nJane Doe,Acme,jane@acme.example\n';
  expect((await imports.send(file, '?dryRun=true')).body).toMatchObject({ counts: { inserted: 1 }, failure: null });
  await imports.importFile(file);
  expect((await imports.send(file, '?dryRun=true')).body).toMatchObject({ counts: { unchanged: 1 } });
});
