import { expect, test } from 'vitest';
import { setupImport } from './import-file.ts';

const DRY = '?dryRun=true';

const ENTITIES = {
  code: 'html_entities',
  column: 'employee_name',
  text: expect.stringMatching(/^employee_name has signs written as HTML/),
};

/** A file of two segments (8 MiB each at most); what is given comes first and last. */
function largeFile(first: string, last: string): string {
  const notes = 'x'.repeat(4000);
  const rows = Array.from({ length: 2500 }, (_, index) => `Ann,Acme,030 1234567,a${index}@x.example,${notes}\n`);
  return `name,company,phone,email,notes\n${first}${rows.join('')}${last}`;
}

test('values that look damaged land, and upload and dry run warn of them', async () => {
  const imports = await setupImport();
  const file =
    'name,company,phone,email\nAnn O&#39;Neil,Acme,0301234567,ann@x.example\nBob,Acme,0301234567,bob@x.example\n';
  const warnings = [{ ...ENTITIES, count: 1, lines: [2] }];

  expect((await imports.send(file, DRY)).body.warnings).toEqual(warnings);
  expect(await imports.importFile(file)).toMatchObject({ status: 'completed', counts: { inserted: 2 }, warnings });
  expect(await imports.employees()).toMatchObject([{ employee_name: 'Ann O&#39;Neil' }, { employee_name: 'Bob' }]);
});

test('the warnings of all segments of a file are summed up', async () => {
  const imports = await setupImport();
  const row = (name: string, mail: string) => `${name},Acme,030 1234567,${mail}@x.example,\n`;
  const file = largeFile(row('O&#39;Neil', 'first'), row('D&#39;Arcy', 'last') + row('Bo&amp;b', 'end'));
  const warnings = [{ ...ENTITIES, count: 3, lines: [2, 2503, 2504] }];

  expect((await imports.send(file, DRY)).body.warnings).toEqual(warnings);
  expect(await imports.importFile(file)).toMatchObject({ status: 'completed', total: 2503, warnings });
  const { rows } = await imports.database.raw<{ rows: object[] }>('select segment, warnings from upload_segments');
  expect(rows).toHaveLength(2);
});

test('several people on one address, and people who get another name, are named in the answer, not in the log or in events', async () => {
  const imports = await setupImport();
  await imports.importFile(
    'name,company,phone,email\nZoë Müller,Acme,0301234567,zoe@x.example\nBob Lee,Acme,0301234567,bob@x.example\n',
  );
  const file = [
    'name,company,phone,email',
    'ZoÃ« MÃ¼ller,Acme,0301234567,zoe@x.example',
    'Bob Lee,Acme,0301234567,bob@x.example',
    'Abe Cole,Oak,,yard@x.example',
    'Bea Dunn,Oak,,Yard@x.example',
    'Abe Cole,Oak,,yard@x.example',
  ].join('\n');
  const warnings = expect.arrayContaining([
    {
      code: 'shared_address',
      column: 'email',
      text: expect.stringMatching(/ yard@x\.example \(Abe Cole, Bea Dunn\)$/),
      count: 1,
      lines: [4, 5],
    },
    {
      code: 'names_changed',
      column: 'employee_name',
      text: '1 of 2 people who are there already changes the name: line 2 (was Zoë Müller)',
      count: 1,
      lines: [2],
    },
  ]);

  const dryRun = await imports.send(file, DRY);
  const upload = await imports.importFile(file);

  expect(dryRun.body).toMatchObject({ counts: { inserted: 1, updated: 1, unchanged: 1, superseded: 2 }, warnings });
  expect(upload).toMatchObject({ status: 'completed', warnings });
  expect((await imports.get('/v1/uploads')).body.data[0]).toMatchObject({ id: upload.id, warnings });
  const events = (await imports.get(`/v1/uploads/${upload.id}/events`)).text;
  expect(events).toContain('1 of 2 people who are there already changes the name');
  for (const text of [events, imports.log.text()]) expect(text).not.toMatch(/Abe|Bea|yard@|Zoë/);
});
