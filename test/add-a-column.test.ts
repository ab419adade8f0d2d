import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { copyTree } from './support/copied-tree.ts';
import { newDataDir, npmStart } from './support/npm-start.ts';

const DECLARATIONS = 'packages/roster/src/column-declarations.ts';

/** What CONTRIBUTING.md, "Add a column", tells to write for an optional column. */
const DECLARATION = `  {
    name: 'department',
    required: false,
    headerNames: ['department', 'dept'],
    clean: cleanName,
    check: checkName,
    examples: ['Sales', 'Finance'],
  },
`;
const MIGRATION = `import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table employees add column department text');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table employees drop column department');
}
`;

const PRODUCTION = {
  extends: './tsconfig.base.json',
  include: ['apps/*/src', 'packages/*/src', 'migrations', '*.ts'],
  // The console has settings of its own, and makes its columns from the API's document when it is built.
  exclude: ['**/*.test.ts', 'packages/testing', 'apps/console'],
};

const STAFF = [
  'Name,Company,Dept,E-Mail,Phone',
  'Jane Doe,Acme,Sales,jane@acme.example,0301234567',
  'Omar Diaz,Acme,,omar@acme.example,',
].join('\n');

test('a column is added by one declaration and one migration: it compiles, and a file with it lands', async () => {
  const copy = await copyTree();
  await insertAtEndOfList(copy.path(DECLARATIONS), DECLARATION);
  await writeFile(copy.path('migrations/20991231000000_add_department.ts'), MIGRATION);
  // Tests that write down whole rows have to say what the new column is: the compiler names them to whoever adds it.
  await writeFile(copy.path('tsconfig.production.json'), JSON.stringify(PRODUCTION));
  await copy.run('tsc', '--project', 'tsconfig.production.json');

  const { api, terminate } = await npmStart({ DATA_DIR: await newDataDir(), PORT: '0' }, [
    copy.path('apps/cli/bin/rowferry'),
    'start',
  ]);
  const upload = await send(api, STAFF);
  expect(upload).toMatchObject({
    status: 'completed',
    counts: { inserted: 2 },
    columns: { department: 'Dept' },
    ignoredColumns: [],
  });
  const people = await getJson(`${api}/v1/employees`);
  expect(people).toMatchObject({
    data: [
      { employee_name: 'Jane Doe', mobile_no: '0301234567', department: 'Sales' },
      { employee_name: 'Omar Diaz', mobile_no: null, department: null },
    ],
  });

  // What is exported has it and comes back unchanged; a file of before the column takes it away, as any blank cell does.
  const exported = await (await fetch(`${api}/v1/employees.csv`)).text();
  expect(exported).toMatch(/^employee_name,company_name,mobile_no,email,department,id,/);
  expect(await send(api, exported)).toMatchObject({ status: 'completed', counts: { unchanged: 2 } });
  expect(await send(api, 'Jane Doe,Acme,0301234567,jane@acme.example\n')).toMatchObject({ counts: { updated: 1 } });
  expect(await send(api, 'Jane Doe,Acme,0301234567,jane@acme.example,HR\n')).toMatchObject({ counts: { updated: 1 } });
  expect(await getJson(`${api}/v1/employees?searchTerm=jane`)).toMatchObject({ data: [{ department: 'HR' }] });

  const document = await getJson(`${api}/openapi.json`);
  expect(JSON.stringify(document)).toContain('"department"');
  expect(await copy.run('node', 'apps/load/src/generate-main.ts', '--rows', '3')).toMatch(
    /^employee_name,company_name,mobile_no,email,department\r\n(.*,(Sales|Finance)\r\n){3}$/,
  );
  expect(await terminate()).toMatchObject({ code: 0 });
});

async function insertAtEndOfList(file: string, declaration: string): Promise<void> {
  const source = await readFile(file, 'utf8');
  const end = '] as const satisfies';
  expect(source.split(end)).toHaveLength(2);
  await writeFile(file, source.replace(end, `${declaration}${end}`));
}

/** Sends a file and waits until all of it has an outcome. */
async function send(api: string, content: string): Promise<object> {
  const body = new FormData();
  body.set('employee_data', new Blob([content]), 'staff.csv');
  const response = await fetch(`${api}/v1/employee-data-upload`, { method: 'POST', body });
  const { id } = (await response.json()) as { id: string };
  for (;;) {
    const upload = (await getJson(`${api}/v1/uploads/${id}`)) as { status: string };
    if (/^(completed|failed)/.test(upload.status)) return upload;
    await delay(50);
  }
}

async function getJson(url: string): Promise<object> {
  return (await (await fetch(url)).json()) as object;
}
