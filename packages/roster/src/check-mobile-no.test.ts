import { readFile } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import type { RowValues } from './columns.ts';
import { checkRow } from './employee.ts';

const GOOD: RowValues = {
  employee_name: 'Jane Doe',
  company_name: 'Acme',
  mobile_no: '0123456789',
  email: 'jane@x.org',
};

/** The number as it is stored, or the code for which its row is rejected. */
function resultOf(mobile_no: string): string | null {
  const check = checkRow({ ...GOOD, mobile_no });
  if (check.ok) return check.employee.mobile_no;
  expect(check.errors.map(({ column }) => column)).toEqual(['mobile_no']);
  return check.errors.map(({ code }) => code).join(' ');
}

describe('a number is kept as it is written', () => {
  it.each([
    '1234567',
    '123456789012345',
    '0049 170 1234567',
    '+49 170 1234567',
    '+1 (555) 123-4567',
    '(+44) 20 7946 0018',
    '(555) 123-4567',
    '555.123.4567',
    '030/1234567',
    '02131/5550100',
    '+49 (0) 2131/5550100',
    '0043 5522/123456',
    '033701/555010',
    '030 1234567/68',
    '030\u00a01234567',
    '+44\u202f20\u202f7946\u202f0018',
    '030\u20111234\u2013567',
    '01.23.45.67.89',
    '22 03 19 87',
    '20240115',
    '12-34-5678',
    '+4420794600',
    '1111111',
  ])('%s', (number) => {
    expect(resultOf(number)).toBe(number);
  });
});

describe('an extension stays with its number', () => {
  it.each([
    '+1 608 555 0100 x11',
    '+1 608 555 0100 ext. 11',
    '+1 608 555 0100 (ext. 11)',
    '608-555-0100x4321',
    '030 1234567 Durchwahl 12',
    '01 23 45 67 89 poste 12',
    '0301234567 #12',
    '+1 608 555 0100,,12',
    '+7 495 123-45-67 доб. 123',
  ])('%s', (number) => {
    expect(resultOf(number)).toBe(number);
  });

  it.each(['+1 608 555 0100 x', 'x11', '12345 x11', '+1 608 555 0100 x1234567', '608 555 0100 ext. 1 ext. 2'])(
    'where there are both: %s has not',
    (number) => {
      expect(resultOf(number)).toMatch(/^(?:mobile_no_letters|mobile_no_digits)$/);
    },
  );
});

describe('what stands around a number is taken off', () => {
  it.each([
    ['tel:+16085550100', '+16085550100'],
    ['TEL:+1-608-555-0100;ext=11', '+1-608-555-0100 ext. 11'],
    ['Tel. 030 1234567', '030 1234567'],
    ['Mobile: +44 7700 900123', '+44 7700 900123'],
    ['mobile +44 7700 900123', '+44 7700 900123'],
    ['M: 07700 900123', '07700 900123'],
    ['+44-7700-900123 (work)', '+44-7700-900123'],
    ['(mobile) 07700 900123', '07700 900123'],
    ['07700 900123 [private, evenings]', '07700 900123'],
    ['07700 900123 (home) (work)', '07700 900123'],
    ['07700 900123 work', '07700 900123'],
    ['07700 900123\n(work)', '07700 900123'],
    ['07700 900123.', '07700 900123'],
    ['07700 900123;', '07700 900123'],
    ['\u2018+447700900123', '+447700900123'],
    ["'0123456789", '0123456789'],
    ['"07700 900123"', '07700 900123'],
    ['\u201ctel: 07700 900123,\u201d', '07700 900123'],
    ['+44+7700900123', '+44 7700900123'],
    ['07700\u200b900123', '07700900123'],
  ])('%s', (number, stored) => {
    expect(resultOf(number)).toBe(stored);
  });
});

describe('digits of every script are stored as ASCII', () => {
  it.each([
    ['１２３-４５６７-８９０１', '123-4567-8901'],
    ['＋８１（３）１２３４－５６７８', '+81(3)1234-5678'],
    ['٠٧٧٠٠٩٠٠١٢٣', '07700900123'],
    ['۰۹۱۲۳۴۵۶۷۸۹', '09123456789'],
    ['९८७६५४३२१०', '9876543210'],
    ['০১৭১২৩৪৫৬৭৮', '01712345678'],
    ['๐๘๑๒๓๔๕๖๗๘', '0812345678'],
  ])('%s', (number, stored) => {
    expect(resultOf(number)).toBe(stored);
  });
});

describe('what is no number is refused for what it is', () => {
  it.each([
    ['mobile_no_digits', ['123456', '1234567890123456', '+', '12', '()']],
    ['several_mobile_nos', ['5550100/5550101', '0161 496 0100 / 0161 496 0101', '07700 900100, 07700 900101']],
    [
      'several_mobile_nos',
      ['+1 608 555 0100 ::: +1 608 555 0101', '07700 900100; 07700 900101', '030 1234567 | 030 1234568'],
    ],
    [
      'several_mobile_nos',
      ['07700 900100 or 07700 900101', '030 1234567 und 030 1234568', '+447700900100+447700900101'],
    ],
    [
      'several_mobile_nos',
      ['07700 900100 07700 900101', '+44 7700 900100 +44 7700 900101', '0161 496 0100 0161 496 0101'],
    ],
    ['several_mobile_nos', ['07700 900100\n07700 900101', '5550100\r\n5550101\r\n']],
    ['control_character', ['07700\n900100', '07700 900100\nnone']],
    ['mobile_no_is_date', ['12.03.1987', '2024-01-15', '15/01/2024', '1/15/2024', '12. 03. 1987', '12.03.87']],
    [
      'mobile_no_is_date',
      ['2024-01-15T00:00:00Z', '2024-01-15 00:00:00', '15 Jan 2024', 'January 15, 2024', '5. März 2024'],
    ],
    ['mobile_no_of_zeros', ['0000000', '000-000-0000', '+0000000000', '0', '(000) 0000000']],
    ['mobile_no_letters', ['1-800-FLOWERS', '12345678x', 'nobody', 'fax 030 1234567', 'siehe unten']],
    ['mobile_no_brackets', ['12345)67((', '(030 1234567', '030) 1234567', ')030(1234567']],
    ['mobile_no_rounded', ['7.7009E+10', '4.47912E+11', '4,47912e11', '1.2E+10']],
    ['mobile_no_decimal', ['447912345678.0', '447912345678.00']],
    ['mobile_no_is_email', ['ann@acme.example']],
    ['invalid_mobile_no', ['1234567+', '++1234567', '*31#0301234567', '0791_234567', '0301234567=']],
  ] as const)('%s: %j', (code, numbers) => {
    for (const number of numbers) expect(`${number} ${resultOf(number)}`).toBe(`${number} ${code}`);
  });
});

test.for([
  ['4.47912E+11', 'was rounded by a spreadsheet'],
  ['4,47912e11', 'was rounded by a spreadsheet'],
  ['447912345678.0', 'was written as a decimal number'],
  ['12', 'must have 7 to 15 digits'],
  ['1234567+', 'must have 7 to 15 digits, written with digits, spaces, "+"'],
  ['12.03.1987', 'has a date'],
])('of the mobile number %s it is told that it %s', ([mobile_no = '', reason]) => {
  const check = checkRow({ ...GOOD, mobile_no });
  expect(check).toMatchObject({ ok: false, errors: [{ message: expect.stringContaining(`mobile_no ${reason}`) }] });
});

test('endless texts are refused without delay', () => {
  const started = process.threadCpuUsage().user;
  for (const text of ['1(', ' ', '1/', '+1', 'x1', '1 x', '( ', '12.', 'tel:', '1234567,', '123456 or ', '"', 'jan '])
    expect(resultOf(`1${text.repeat(60_000)}z`)).toMatch(/^(?:\w+_mobile_nos?|mobile_no_\w+)$/);
  expect((process.threadCpuUsage().user - started) / 1000).toBeLessThan(2000);
});

test('the forms of numbers in the file of examples have the expected outcomes', async () => {
  const file = await readFile(new URL('../../../test/files/cases/15-phones.csv', import.meta.url), 'utf8');
  const results = file
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(';'))
    .map(([name, , number = '']) => `${name} ${resultOf(number)}`);

  expect(results).toEqual([
    'P01 +1 608 555 0100 x11',
    'P02 +1 608 555 0100 ext. 11',
    'P03 +16085550100',
    'P04 +44 (0)20 7946 0100',
    'P05 several_mobile_nos',
    'P06 several_mobile_nos',
    'P07 several_mobile_nos',
    'P08 several_mobile_nos',
    'P09 mobile_no_is_date',
    'P10 mobile_no_is_date',
    'P11 mobile_no_of_zeros',
    'P12 447700900123',
    'P13 791234567',
    'P14 0044 7700 900123',
    'P15 +44-7700-900123',
    'P16 mobile_no_letters',
    'P17 mobile_no_brackets',
    'P18 123-4567-8901',
    'P19 07700900123',
    'P20 +44 7700900123',
    'P21 07700900123',
    'P22 mobile_no_rounded',
    'P23 07700 900123',
    'P24 +447700900123',
  ]);
});
