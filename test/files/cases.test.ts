import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { setupImport } from './import-file.ts';

/** What a file of `cases/` comes to, written down from the file by hand. Its dry run must say the same. */
type Case = {
  file: string;
  /** Files that were imported before. */
  after?: string[];
  /** Query of the request, from its `?` on. */
  query?: string;
  /** What the upload says in the end, as far as it matters: `detected`, `columns`, `warnings`, … */
  says?: object;
  /** Outcomes with more than no row. */
  counts: Record<string, number>;
  /** Employees afterwards, as `name | company | number or nothing | e-mail`, in file order. */
  employees: string[];
  /** Failed rows, as `line code`. */
  failed?: string[];
};

const CASES: Case[] = [
  {
    file: '12-whole-line-quoted.csv',
    says: { detected: { delimiter: ',', quoting: 'whole-line' } },
    counts: { inserted: 2 },
    employees: [
      'Hal Kerr | Oakline | 07700 901201 | hal@c12.example.org',
      'Ivy Lane | Oak, Ltd | 07700 901202 | ivy@c12.example.org',
    ],
  },
  {
    file: '13-backslash-quotes.csv',
    says: { detected: { delimiter: ',', quoting: 'backslash' } },
    counts: { inserted: 4 },
    employees: [
      'Joe "Red" Marsh | Oakline | 07700 901301 | joe@c13.example.org',
      'Kit Nash | The "Oak", Ltd | 07700 901302 | kit@c13.example.org',
      'Lou Orr | Oakline | 07700 901303 | lou@c13.example.org',
      'Max Poe | Oak\\Line | 07700 901304 | max@c13.example.org',
    ],
  },
  {
    file: '14-null-words.csv',
    counts: { inserted: 1, rejected: 6 },
    employees: ['Ned Quin | Oakline |  | f@c14.example.org'],
    failed: [2, 3, 4, 5, 6, 8].map((line) => `${line} required required`),
  },
  {
    file: '18-no-phone-column.csv',
    says: { columns: { employee_name: 'Name', company_name: 'Company', mobile_no: null, email: 'Email' } },
    counts: { inserted: 2 },
    employees: ['Pam Tate | Oakline |  | pam@c18.example.org', 'Quin Udo | Oakline |  | quin@c18.example.org'],
  },
  {
    file: '18b-some-without-phone.csv',
    counts: { inserted: 2, rejected: 1 },
    employees: [
      'Pam Tate | Oakline |  | pam@c18b.example.org',
      'Quin Udo | Oakline | 07700 901802 | quin@c18b.example.org',
    ],
    failed: ['4 required'],
  },
  {
    file: '25-single-quotes.csv',
    says: { detected: { delimiter: ',', quoting: 'single' }, columns: { employee_name: 'employee_name' } },
    counts: { inserted: 2 },
    employees: [
      'Ann Frost | Oakline | 07700 902501 | ann@c25.example.org',
      'Bob Gray | Oak, Ltd | 07700 902502 | bob@c25.example.org',
    ],
  },
  {
    file: '29-template-opened-in-european-excel.csv',
    says: { detected: { delimiter: ';', headerDelimiter: ',', bom: true }, ignoredColumns: [] },
    counts: { inserted: 2 },
    employees: [
      'Greta Linde | Eichwerk GmbH | 0151 23456701 | greta@c29.example.org',
      'Hans Buche | Eichwerk GmbH | 0151 23456702 | hans@c29.example.org',
    ],
  },
  {
    file: '31-comma-then-tabs.csv',
    says: { detected: { delimiter: ',' }, ignoredColumns: [] },
    counts: { inserted: 2 },
    employees: ['Ann Lee | Acme | 0301234567 | a@x.io', 'Bob Lee | Acme | 0301234568 | b@x.io'],
  },
];

test.for(CASES)('$file', async ({ file, after = [], query = '', says = {}, counts, employees, failed = [] }) => {
  const imports = await setupImport();
  for (const earlier of after) await imports.importFile(await bytesOf(earlier));
  const content = await bytesOf(file);

  const dryRun = await imports.send(content, `${query}${query === '' ? '?' : '&'}dryRun=true`);
  const upload = await imports.importFile(content, query);

  expect(dryRun.body).toMatchObject({ failure: null, ...says });
  expect(upload).toMatchObject({ failure: null, ...says });
  for (const answer of [dryRun.body, upload]) expect(withoutZeros(answer.counts)).toEqual(counts);
  expect((await imports.employees()).map((employee) => Object.values(employee).join(' | '))).toEqual(employees);
  const failedRows = (await imports.get(`/v1/uploads/${upload.id}/failed-rows`)).body.data;
  expect(failedRows.map(described)).toEqual(failed);
});

/** Files that cannot be read: what is said of them by the answer to the form, and by the dry run. */
const REFUSED: { file: string; query?: string; code: string; says: RegExp }[] = [];

test.for(REFUSED)('$file is refused', async ({ file, query = '', code, says }) => {
  const imports = await setupImport();
  const content = await bytesOf(file);

  const dryRun = await imports.send(content, `${query}${query === '' ? '?' : '&'}dryRun=true`);
  const refusal = await imports.send(content, query);

  expect(dryRun.body.failure).toMatchObject({ code, detail: expect.stringMatching(says) });
  expect(refusal.body).toMatchObject({ code, detail: expect.stringMatching(says) });
  expect(await imports.employees()).toEqual([]);
});

function bytesOf(file: string): Promise<Buffer> {
  return readFile(new URL(`cases/${file}`, import.meta.url));
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function described({ line, errors }: { line: number; errors: { code: string }[] }): string {
  return [line, ...errors.map(({ code }) => code)].join(' ');
}
