import { expect, test } from 'vitest';
import type { Employee, RowValues } from './columns.ts';
import { checkRow } from './employee.ts';

const GOOD: RowValues = {
  employee_name: 'Jane Doe',
  company_name: 'Acme',
  mobile_no: '0123456789',
  email: 'jane@x.org',
};

/** Which rules a row breaks, as `column code`. */
function broken(values: Partial<RowValues>): string[] {
  const check = checkRow({ ...GOOD, ...values });
  return check.ok ? [] : check.errors.map(({ column, code }) => `${column} ${code}`);
}

function stored(values: Partial<RowValues>): Employee {
  const check = checkRow({ ...GOOD, ...values });
  if (!check.ok) throw new Error(JSON.stringify(check.errors));
  return check.employee;
}

test('invisible marks of copied text count for nothing: around any value, and within numbers and addresses', () => {
  expect(
    stored({
      employee_name: '\u200fשרה \u200eLevi\u200f\u200e',
      company_name: '\ufeff\u00a0Acme\u00adWorks\u00ad',
      mobile_no: '\u202a+44 20\u200e 7946\u2060 0018\u202c\u00a0',
      email: '\u2068Jane@\u200bx.\u00adorg\u200d\u2069 ',
    }),
  ).toEqual({
    employee_name: 'שרה \u200eLevi',
    company_name: 'Acme\u00adWorks',
    mobile_no: '+44 20 7946 0018',
    email: 'jane@x.org',
  });
});

test.for(['علی\u200cرضا', 'ක්\u200dරිෂාන්', 'ह्\u200d'])('the name %s keeps its joiners', (employee_name) => {
  expect(stored({ employee_name }).employee_name).toBe(employee_name);
});

test('a row is stored as the file has it, but for spaces around values and the case of the e-mail', () => {
  expect(
    stored({
      employee_name: '  José  María\u00a0',
      company_name: '\tÅkesson & Söhne ',
      mobile_no: ' +49 (0)170 1234567 ',
      email: ' Jane.DOE+staff@X.Example.ORG ',
    }),
  ).toEqual({
    employee_name: 'José  María',
    company_name: 'Åkesson & Söhne',
    mobile_no: '+49 (0)170 1234567',
    email: 'jane.doe+staff@x.example.org',
  });
});

test.for(['employee_name', 'company_name'] as const)('%s has 1 to 200 characters, whatever their script', (column) => {
  expect(broken({ [column]: 'x' })).toEqual([]);
  expect(broken({ [column]: 'x'.repeat(200) })).toEqual([]);
  expect(broken({ [column]: '😀'.repeat(200) })).toEqual([]);
  expect(broken({ [column]: 'x'.repeat(201) })).toEqual([`${column} too_long`]);
  expect(broken({ [column]: '😀'.repeat(201) })).toEqual([`${column} too_long`]);
});

test.for([
  '\u200c',
  '\u200d',
  '\u3164',
  '\u2800',
  '\u115f',
  '\u180e',
  '\ufe0f',
  '\u034f',
  '\u{e0041}',
  '\ufff9',
  '\uffa0',
])('a name or company of %j alone is none, as nobody sees it', (character) => {
  for (const value of [character, ` ${character}${character}\u00a0`]) {
    expect(broken({ employee_name: value })).toEqual(['employee_name required']);
    expect(broken({ company_name: value })).toEqual(['company_name required']);
  }
  expect(stored({ employee_name: `${character}Ann` }).employee_name).toBe(`${character}Ann`);
});

test('a name that is short enough once its accents are composed is, however long it was written', () => {
  // alpha with psili, varia and ypogegrammeni: four characters, or one.
  expect(stored({ employee_name: '\u03b1\u0313\u0300\u0345'.repeat(200) }).employee_name).toBe('\u1f82'.repeat(200));
  expect(broken({ employee_name: '\u03b1\u0313\u0300\u0345'.repeat(201) })).toEqual(['employee_name too_long']);
});

test('a name of endless accents is refused without being normalised', () => {
  // Two marks of different classes by turns are sorted: 0.3 s for each of these names.
  const marks = '\u0323\u0301'.repeat(32 * 1024);
  const started = process.threadCpuUsage().user;
  for (let row = 0; row < 60; row++) expect(broken({ employee_name: `a${marks}` })).toEqual(['employee_name too_long']);
  expect((process.threadCpuUsage().user - started) / 1000).toBeLessThan(5000);
});

test('a blank mobile_no is stored as null, however it is blank', () => {
  for (const mobile_no of ['', ' \t\u00a0\u3000', '\u202a\u200b \u202c\ufeff'])
    expect(stored({ mobile_no })).toEqual({ ...GOOD, mobile_no: null });
});

test.for(['employee_name', 'company_name', 'email'] as const)(
  '%s must be there, and not only as spaces and marks',
  (column) => {
    expect(broken({ [column]: '' })).toEqual([`${column} required`]);
    expect(broken({ [column]: ' \t\u00a0\u3000' })).toEqual([`${column} required`]);
    expect(broken({ [column]: '\u202a\u200b \u202c\ufeff' })).toEqual([`${column} required`]);
  },
);

test.for(['employee_name', 'company_name', 'mobile_no', 'email'] as const)('%s has no control characters', (column) => {
  for (const character of ['\0', '\n', '\r', '\t', '\u001f', '\u007f', '\u0085']) {
    const value = `${GOOD[column].slice(0, 1)}${character}${GOOD[column].slice(1)}`;
    expect(broken({ [column]: value }), JSON.stringify(character)).toEqual([`${column} control_character`]);
  }
});

test('names are kept in one form, however a program writes their accents', () => {
  const decomposed = 'Jose\u0301 A\u030angstro\u0308m';
  expect(stored({ employee_name: decomposed, company_name: decomposed })).toMatchObject({
    employee_name: 'José Ångström',
    company_name: 'José Ångström',
  });
});

test.for(['employee_name', 'company_name', 'mobile_no', 'email'] as const)(
  '%s has no unreadable characters',
  (column) => {
    expect(broken({ [column]: `${GOOD[column]}\ufffd` })).toEqual([`${column} unreadable_character`]);
  },
);

test('every rule that a row breaks is told, in column order, each with its column in the message', () => {
  const check = checkRow({
    employee_name: '',
    company_name: 'x'.repeat(201),
    mobile_no: 'nobody',
    email: `${'y'.repeat(255)}`,
  });
  expect(check.ok).toBe(false);
  expect(check.ok ? [] : check.errors).toEqual([
    { column: 'employee_name', code: 'required', message: 'employee_name is empty' },
    { column: 'company_name', code: 'too_long', message: 'company_name has 201 characters, at most 200 are allowed' },
    {
      column: 'mobile_no',
      code: 'mobile_no_letters',
      message: expect.stringMatching(/^mobile_no has letters: it must have 7 to 15 digits/),
    },
    { column: 'email', code: 'too_long', message: 'email has 255 characters, at most 254 are allowed' },
    { column: 'email', code: 'email_without_at', message: 'email has no @' },
  ]);
});

test('no message repeats a value: messages are shown where the value’s author may not be', () => {
  const secret = 'Zaphod';
  const check = checkRow({
    employee_name: secret.repeat(50),
    company_name: `${secret}\n`.repeat(2),
    mobile_no: secret,
    email: secret,
  });
  expect(check.ok ? [] : check.errors).toHaveLength(4);
  expect(JSON.stringify(check.ok ? [] : check.errors)).not.toContain(secret);
});
