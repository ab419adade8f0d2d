import { expect, test } from 'vitest';
import { profileMismatch } from './expected-header.ts';

const CELLS = ['Nr', 'Full name', 'Company', 'E-Mail'];

const mismatch = (found: readonly string[], cells: readonly string[] = CELLS) =>
  profileMismatch({ profile: 'payroll', cells }, found);

test.for<[string, string[]]>([
  ['the same', CELLS],
  ['another case', ['NR', 'full NAME', 'company', 'e-mail']],
  ['spaces and marks around and within', [' Nr', 'Full  name\u200e', '\ufeffCompany', 'E-Mail ']],
  ['empty cells at the end', [...CELLS, '', ' ']],
  ['the columns of a correction CSV', [...CELLS, 'line', 'error_code', 'error']],
])('a header is the expected one: %s', ([, found]) => {
  expect(mismatch(found)).toBeUndefined();
});

test('accents may be written in either way', () => {
  expect(mismatch(['Te\u0301l'], ['Tél'])).toBeUndefined();
});

test.for<[string[], string]>([
  [['Nr', 'Full name', 'E-Mail'], 'Missing: "Company".'],
  [['Nr', 'Full name', 'Company', 'E-Mail', 'Notes'], 'New: "Notes".'],
  [['Nr', 'Full name', 'Firm', 'E-Mail'], 'Missing: "Company". New: "Firm".'],
  [['Nr', 'Company', 'Full name', 'E-Mail'], 'Moved: "Company" from 3 to 2, "Full name" from 2 to 3.'],
  // What stands behind a new column has not moved.
  [['Age', 'Nr', 'Full name', 'Company', 'E-Mail'], 'New: "Age".'],
  [['Nr', 'Full name', 'Company', 'E-Mail', 'E-Mail'], 'New: "E-Mail".'],
  [['Nr', 'Full name', 'Company', 'E-Mail', 'line', 'error_code'], 'New: "line", "error_code".'],
  [['E_Mail', 'Nr', 'Full name', 'Company'], 'Missing: "E-Mail". New: "E_Mail".'],
  [[], 'Missing: "Nr", "Full name", "Company", "E-Mail".'],
])('a header that differs is refused with the difference: %j', ([found, difference]) => {
  expect(mismatch(found)).toEqual({
    code: 'profile_mismatch',
    detail: expect.stringContaining(
      `The header is not the one that the profile "payroll" was made for. ${difference} `,
    ),
  });
});

test('of 16,384 columns in another order a little is said, at once', () => {
  const cells = Array.from({ length: 16_384 }, (_, index) => `column ${index}`);

  const { detail = '' } = mismatch(cells.toReversed(), cells) ?? {};

  expect(detail).toContain('"column 16383" from 16384 to 1, ');
  expect(detail).toContain(' and 16374 more.');
  expect(detail.length).toBeLessThan(1000);
});
