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
  /** Superseded rows, as `line values, line that won`; compared where they are given. */
  superseded?: string[];
};

const CASES: Case[] = [
  {
    file: '06-shared-address.csv',
    says: {
      warnings: [
        {
          code: 'shared_address',
          text: expect.stringContaining('yard@c06.example.org (Abe Cole, Bea Dunn, Cy Eads)'),
          count: 1,
          lines: [2, 3, 4],
        },
      ],
    },
    counts: { inserted: 2, superseded: 2 },
    employees: [
      'Cy Eads | Oakline | 07700 900603 | yard@c06.example.org',
      'Dot Ford | Oakline | 07700 900604 | dot@c06.example.org',
    ],
    superseded: [
      '2 Abe Cole | Oakline | 07700 900601 | yard@c06.example.org, line 4 counts',
      '3 Bea Dunn | Oakline | 07700 900602 | yard@c06.example.org, line 4 counts',
    ],
  },
  {
    file: '01-type-line.csv',
    says: {
      detected: { headerLine: 2, skippedLines: 1 },
      columns: {
        employee_name: 'DisplayName',
        company_name: 'Company',
        mobile_no: 'MobilePhone',
        email: 'EmailAddress',
      },
      warnings: [{ code: 'lines_skipped', count: 1, lines: [1] }],
    },
    counts: { inserted: 2 },
    employees: [
      'Una Birch | Oakline | +44 7700 900101 | una@c01.example.org',
      'Teo Ash | Oakline | +44 7700 900102 | teo@c01.example.org',
    ],
  },
  {
    file: '02-two-phone-columns.csv',
    says: {
      columns: { mobile_no: 'Mobile' },
      ignoredColumns: [],
      warnings: [{ code: 'column_chosen', column: 'mobile_no', text: expect.stringMatching(/"Mobile".*"Phone"/) }],
    },
    counts: { inserted: 2 },
    employees: [
      'Ida Fern | Oakline | 07700 900201 | ida@c02.example.org',
      'Ole Reed | Oakline | 07700 900202 | ole@c02.example.org',
    ],
  },
  {
    file: '03-first-last.csv',
    says: {
      columns: { employee_name: 'First Name + Last Name' },
      ignoredColumns: ['Badge id', 'Department'],
      warnings: [],
    },
    counts: { inserted: 2 },
    employees: [
      'Mira Stone | Oakline | 07700 900301 | mira@c03.example.org',
      'Jon Vale | Oakline | 07700 900302 | jon@c03.example.org',
    ],
  },
  {
    file: '04-german-header.csv',
    says: { detected: { delimiter: ';' }, ignoredColumns: [], warnings: [] },
    counts: { inserted: 1 },
    employees: ['Greta Lüders | Eichwerk GmbH | 0151 23456701 | greta@c04.example.org'],
  },
  {
    file: '05-title-and-total.csv',
    says: {
      detected: { headerLine: 4, skippedLines: 2 },
      total: 3,
      warnings: [{ code: 'lines_skipped', count: 2, lines: [1, 2] }],
    },
    counts: { inserted: 2, rejected: 1 },
    employees: [
      'Kay Moss | Oakline | 07700 900501 | kay@c05.example.org',
      'Lee Holt | Oakline | 07700 900502 | lee@c05.example.org',
    ],
    failed: ['7 required'],
  },
  {
    file: '09-macroman-cr.csv',
    says: {
      detected: { encoding: 'macintosh', encodingConfidence: expect.closeTo(0.99) },
      warnings: [{ code: 'encoding_guessed', text: expect.stringContaining('macintosh') }],
    },
    counts: { inserted: 2 },
    employees: [
      'José Peña | Açaí Ltda | 07700 900901 | jose@c09.example.org',
      'Zoë Müller | Açaí Ltda | 07700 900902 | zoe@c09.example.org',
    ],
  },
  {
    file: '10d-cp1251.csv',
    says: { detected: { encoding: 'windows-1251' }, warnings: [{ code: 'encoding_guessed' }] },
    counts: { inserted: 1 },
    employees: ['Анна Дубова | ООО Дуб | +7 900 123-45-01 | anna@c10d.example.org'],
  },
  {
    file: '10e-unclear-encoding.csv',
    query: '?encoding=latin1',
    says: { detected: { encoding: 'windows-1252', encodingConfidence: 1 }, warnings: [] },
    counts: { inserted: 1 },
    employees: ['Hõ Võ | Võ AS | +372 5550 1001 | vo@c10e.example.org'],
  },
  {
    file: '11-one-latin1-line.csv',
    says: { detected: { encoding: 'utf-8', encodingConfidence: 1 }, warnings: [] },
    counts: { inserted: 5, rejected: 1 },
    employees: [
      'Zoë Müller 1 | Café Åse | 07700 901101 | p1@c11.example.org',
      'Zoë Müller 2 | Café Åse | 07700 901102 | p2@c11.example.org',
      'Zoë Müller 3 | Café Åse | 07700 901103 | p3@c11.example.org',
      'Zoë Müller 4 | Café Åse | 07700 901104 | p4@c11.example.org',
      'Zoë Müller 5 | Café Åse | 07700 901105 | p5@c11.example.org',
    ],
    failed: ['7 unreadable_character unreadable_character'],
  },
  {
    file: '11d-2-next-month-one-bad-byte.csv',
    after: ['11d-1-good.csv'],
    counts: { unchanged: 5, rejected: 1 },
    employees: [
      'Zoë Müller 1 | Café Åse | 07700 911101 | p1@c11d.example.org',
      'Zoë Müller 2 | Café Åse | 07700 911102 | p2@c11d.example.org',
      'Zoë Müller 3 | Café Åse | 07700 911103 | p3@c11d.example.org',
      'Zoë Müller 4 | Café Åse | 07700 911104 | p4@c11d.example.org',
      'Zoë Müller 5 | Café Åse | 07700 911105 | p5@c11d.example.org',
    ],
    failed: ['7 unreadable_character unreadable_character'],
  },
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
    file: '15-phones.csv',
    counts: { inserted: 14, rejected: 10 },
    employees: [
      ['01', '+1 608 555 0100 x11'],
      ['02', '+1 608 555 0100 ext. 11'],
      ['03', '+16085550100'],
      ['04', '+44 (0)20 7946 0100'],
      ['12', '447700900123'],
      ['13', '791234567'],
      ['14', '0044 7700 900123'],
      ['15', '+44-7700-900123'],
      ['18', '123-4567-8901'],
      ['19', '07700900123'],
      ['20', '+44 7700900123'],
      ['21', '07700900123'],
      ['23', '07700 900123'],
      ['24', '+447700900123'],
    ].map(([n, number]) => `P${n} | Oakline | ${number} | p${n}@c15.example.org`),
    failed: [
      ...[6, 7, 8, 9].map((line) => `${line} several_mobile_nos`),
      ...['10 mobile_no_is_date', '11 mobile_no_is_date', '12 mobile_no_of_zeros', '17 mobile_no_letters'],
      ...['18 mobile_no_brackets', '23 mobile_no_rounded'],
    ],
  },
  {
    file: '16-emails.csv',
    // Jane has three rows and O'Neil two: the last of each stays.
    counts: { inserted: 11, superseded: 3, rejected: 9 },
    employees: [
      ['02', 'jim@c16.example.org'],
      ['03', 'dot@c16.example.org'],
      ['04', 'semi@c16.example.org'],
      ['06', 'anna@xn--c16-mnchen-eeb.example.org'],
      ['09', "o'neil@c16.example.org"],
      ['10', 'bare@c16.example.org'],
      ['11', 'quoted@c16.example.org'],
      ['12', 'upper@c16.example.org'],
      ['13', 'tag+hr@c16.example.org'],
      ['18', 'x@c16.example.org'],
      ['23', 'jane@c16.example.org'],
    ].map(([n, email]) => `E${n} | Oakline | 07700 9016${n} | ${email}`),
    failed: [
      ...['6 several_emails', '8 email_characters', '15 email_with_space', '16 email_without_at', '17 required'],
      ...['18 email_domain_without_dot', '20 email_dots', '21 email_dots', '23 email_with_several_ats'],
    ],
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
    file: '23b-hints-in-header.csv',
    says: { columns: { company_name: 'Company (legal name)' }, ignoredColumns: [] },
    counts: { inserted: 1 },
    employees: ['Yul Dane | Oakline | 07700 902301 | yul@c23b.example.org'],
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
    file: '26-swapped-columns-no-header.csv',
    says: { detected: { header: false }, warnings: [{ code: 'column_chosen', column: null }] },
    counts: { inserted: 2 },
    employees: [
      'Ann Frost | Oakline | 07700 902601 | ann@c26.example.org',
      'Bob Gray | Oakline | 07700 902602 | bob@c26.example.org',
    ],
  },
  {
    file: '28b-html-entities.csv',
    says: {
      warnings: [
        ['html_entities', 'employee_name', 2],
        ['html_entities', 'company_name', 2],
        ['markup', 'employee_name', 5],
        ['mojibake', 'employee_name', 3],
        ['mojibake', 'company_name', 3],
        ['lost_characters', 'employee_name', 4],
        ['lost_characters', 'company_name', 4],
      ].map(([code, column, line]) => ({ code, column, count: 1, lines: [line] })),
    },
    counts: { inserted: 4 },
    employees: [
      'Ann O&#39;Neil | Oak &amp; Line | 07700 902811 | ann@c28b.example.org',
      'JosÃ© PeÃ±a | CafÃ© Ã…se | 07700 902812 | jose@c28b.example.org',
      'Jos? Pe?a | Caf? ?se | 07700 902813 | jose2@c28b.example.org',
      '<b>Bold</b> | =cmd|calc | 07700 902814 | bold@c28b.example.org',
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
    file: '26-swapped-columns-no-header.csv',
    query: '?columns.email=1&columns.employee_name=2&columns.company_name=3&columns.mobile_no=4',
    says: { detected: { header: false }, warnings: [] },
    counts: { inserted: 2 },
    employees: [
      'Ann Frost | Oakline | 07700 902601 | ann@c26.example.org',
      'Bob Gray | Oakline | 07700 902602 | bob@c26.example.org',
    ],
  },
  {
    file: '30-export-bamboohr.csv',
    query: '?constants.company_name=Oakline',
    says: {
      columns: { employee_name: 'Display name', company_name: null, mobile_no: 'Mobile phone', email: 'Work Email' },
      ignoredColumns: ['Employee ID', 'Department'],
    },
    counts: { inserted: 1 },
    employees: ['Zed East | Oakline | 07700 903001 | zed@c30.example.org'],
  },
  {
    file: '30-export-entra.csv',
    query: '?constants.company_name=Oakline',
    says: {
      columns: { employee_name: 'displayName', company_name: null, mobile_no: 'mobilePhone', email: 'mail' },
      ignoredColumns: ['department'],
    },
    counts: { inserted: 1 },
    employees: ['Zed East | Oakline | 07700 903001 | zed@c30.example.org'],
  },
  {
    file: '30-export-google.csv',
    says: {
      columns: {
        employee_name: 'Name',
        company_name: 'Organization 1 - Name',
        mobile_no: 'Phone 1 - Value',
        email: 'E-mail 1 - Value',
      },
    },
    counts: { inserted: 1 },
    employees: ['Zed East | Oakline | 07700 903001 | zed@c30.example.org'],
  },
  {
    file: '32-invisible-names.csv',
    counts: { rejected: 15 },
    employees: [],
    failed: Array.from({ length: 15 }, (_, index) => `${index + 2} required`),
  },
  {
    file: '33-zeros.csv',
    after: ['33-zeros.csv'],
    counts: { unchanged: 2 },
    employees: ['Ann Lee | Acme | 0301234567 | ann@zero.example', 'Bob Lee | Acme | +44207946001 | bob@zero.example'],
  },
  {
    file: '31-comma-then-tabs.csv',
    says: { detected: { delimiter: ',' }, ignoredColumns: [] },
    counts: { inserted: 2 },
    employees: ['Ann Lee | Acme | 0301234567 | a@x.io', 'Bob Lee | Acme | 0301234568 | b@x.io'],
  },
];

test.for(CASES)(
  '$file',
  async ({ file, after = [], query = '', says = {}, counts, employees, failed = [], superseded }) => {
    const imports = await setupImport();
    for (const earlier of after) await imports.importFile(await bytesOf(earlier));
    const content = await bytesOf(file);

    const dryRun = await imports.send(content, `${query}${query === '' ? '?' : '&'}dryRun=true`);
    const upload = await imports.importFile(content, query);

    expect(dryRun.body).toMatchObject({ failure: null, ...says });
    expect(upload).toMatchObject({ failure: null, ...says });
    for (const answer of [dryRun.body, upload]) expect(withoutZeros(answer.counts)).toEqual(counts);
    expect((await imports.employees()).map((employee) => Object.values(employee).join(' | '))).toEqual(employees);
    const failedRows = (await imports.get(`/v1/uploads/${upload.id}/failed-rows?limit=100`)).body.data;
    expect(failedRows.map(described)).toEqual(failed);
    const others = (await imports.get(`/v1/uploads/${upload.id}/failed-rows?outcome=superseded`)).body.data;
    if (superseded !== undefined) expect(others.map(describedWithWinner)).toEqual(superseded);
  },
);

/** Files that cannot be read: what is said of them by the answer to the form, and by the dry run. */
const REFUSED: { file: string; query?: string; code: string; says: RegExp }[] = [
  {
    file: '30-export-bamboohr.csv',
    code: 'missing_columns',
    says: /^The header lacks company_name\. .*constants\.company_name=…/,
  },
  {
    file: '30-export-entra.csv',
    code: 'missing_columns',
    says: /^The header lacks company_name\. .*constants\.company_name=…/,
  },
  {
    file: '10e-unclear-encoding.csv',
    code: 'unknown_encoding',
    says: /^It is not clear in which encoding the file is; it may be .*windows-125.*encoding=/,
  },
];

test.for(REFUSED)('$file is refused', async ({ file, query = '', code, says }) => {
  const imports = await setupImport();
  const content = await bytesOf(file);

  const dryRun = await imports.send(content, `${query}${query === '' ? '?' : '&'}dryRun=true`);
  const refusal = await imports.send(content, query);

  expect(dryRun.body.failure).toMatchObject({ code, detail: expect.stringMatching(says) });
  expect(refusal.body).toMatchObject({ code, detail: expect.stringMatching(says) });
  expect(await imports.employees()).toEqual([]);
});

test('a dry run shows what a file of unclear encoding says in each', async () => {
  const imports = await setupImport();
  const { encodings } = (await imports.send(await bytesOf('10e-unclear-encoding.csv'), '?dryRun=true')).body;

  expect(encodings).toContainEqual({ encoding: 'windows-1252', cells: ['Hõ Võ', 'Võ AS'] });
  expect(encodings).toContainEqual({ encoding: 'windows-1250', cells: ['Hő Vő', 'Vő AS'] });
  // Each is a choice: stated, it is taken.
  for (const { encoding } of encodings) {
    const { status, body } = await imports.send(
      await bytesOf('10e-unclear-encoding.csv'),
      `?dryRun=true&encoding=${encoding}`,
    );
    expect({ status, detected: body.detected?.encoding }).toEqual({ status: 200, detected: encoding });
  }
});

function bytesOf(file: string): Promise<Buffer> {
  return readFile(new URL(`cases/${file}`, import.meta.url));
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

type SupersededRow = { line: number; raw: Record<string, string>; supersededBy: { line: number } };

function describedWithWinner({ line, raw, supersededBy }: SupersededRow): string {
  const { employee_name, company_name, mobile_no, email } = raw;
  return `${line} ${[employee_name, company_name, mobile_no, email].join(' | ')}, line ${supersededBy.line} counts`;
}

function described({ line, errors }: { line: number; errors: { code: string }[] }): string {
  return [line, ...errors.map(({ code }) => code)].join(' ');
}
