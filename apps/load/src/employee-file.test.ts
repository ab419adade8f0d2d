import { expect, test } from 'vitest';
import { employeeLines } from './employee-file.ts';

function fileOf(rows: number, bad: number, seed = 1): string[] {
  return [...employeeLines({ rows, bad, seed })];
}

/** The fields of a line, by RFC 4180. */
function fieldsOf(line: string): string[] {
  return [...line.trimEnd().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
}

test('a file has a header, as many rows as asked for, and the same e-mail never twice', () => {
  const [header, ...rows] = fileOf(2000, 0);

  expect(header?.trimEnd()).toBe('employee_name,company_name,mobile_no,email');
  expect(rows).toHaveLength(2000);
  const records = rows.map(fieldsOf);
  expect(
    records.every((record) => record.length === 4 && record.every((field) => field.length > 0 && field.length <= 200)),
  ).toBe(true);
  expect(new Set(records.map(([, , , email]) => email)).size).toBe(2000);
  expect(
    records.every(
      ([, , mobile = '', email = '']) =>
        /^\+\d{7,15}$/.test(mobile) && /^[a-z0-9.]+@example\.(com|org|net)$/.test(email),
    ),
  ).toBe(true);
});

test('the same seed makes the same file, another one other people', () => {
  expect(fileOf(50, 0.1, 7)).toEqual(fileOf(50, 0.1, 7));
  const emails = (seed: number) =>
    fileOf(50, 0, seed)
      .slice(1)
      .map((line) => fieldsOf(line)[3]);
  expect(new Set([...emails(7), ...emails(8)]).size).toBe(100);
});

test.for<[number, number]>([
  [0, 0],
  [0.01, 10],
  [0.5, 500],
  [1, 1000],
])('a share of %d of a thousand rows that are bad are %d', ([share, count]) => {
  const bad = fileOf(1000, share)
    .slice(1)
    .map(fieldsOf)
    .filter(([name, company = '', mobile = '', email = '', ...more]) => {
      return name === '' || company.length > 200 || mobile.length < 7 || !email.includes('@') || more.length > 0;
    });

  expect(bad).toHaveLength(count);
});
