import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fromSpreadsheet, spreadsheetSafe } from './spreadsheet-safe.ts';

describe('a cell that a spreadsheet would run', () => {
  it.each([
    "=cmd|' /C calc'!A0",
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '＝1+1',
    '+44 20 7946 0018;=1',
    '+',
    '-020 7946 0018',
    '+123',
  ])('is marked as text: %j', (value) => {
    expect(spreadsheetSafe(value)).toBe(`'${value}`);
  });

  it.each(["'=1", "''=1", "'@x"])('is marked once more when it has a mark of its own: %j', (value) => {
    expect(spreadsheetSafe(value)).toBe(`'${value}`);
  });
});

describe('any other cell', () => {
  it.each([
    '',
    'Ann Lee',
    "'t Hooft",
    "O'Neill = Co",
    '5" pipe',
    'a=b',
    '0301234567',
    '(030) 901820',
    '+44 20 7946 0018',
    '+4420794600',
    '+1 (555) 010-9999',
  ])('stays as it is: %j', (value) => {
    expect(spreadsheetSafe(value)).toBe(value);
    expect(fromSpreadsheet(value)).toBe(value);
  });
});

test('a round trip changes no value', () => {
  const start = fc.constantFrom('', "'", "''", '=', '+', '-', '@', '\t', '\r', '\n', ' ', "' ", '+44 20 7946 0018');
  const value = fc.tuple(start, start, fc.string({ unit: 'binary' })).map((parts) => parts.join(''));
  fc.assert(
    fc.property(value, (original) => {
      expect(fromSpreadsheet(spreadsheetSafe(original))).toBe(original);
    }),
    { numRuns: 1000 },
  );
});

test('nothing that is made safe begins as a formula, telephone numbers excepted', () => {
  const value = fc
    .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', ''), fc.string())
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(value, (original) => {
      const cell = spreadsheetSafe(original);
      expect(/^[=\-@\t\r]/.test(cell)).toBe(false);
      expect(cell.startsWith('+') && /[^\d+ ().\-/]/.test(cell)).toBe(false);
    }),
  );
});
