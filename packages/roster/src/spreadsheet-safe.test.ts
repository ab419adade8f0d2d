import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { trimMarks } from './invisible-marks.ts';
import { fromSpreadsheet, spreadsheetProof, spreadsheetSafe, spreadsheetSafeCell } from './spreadsheet-safe.ts';

describe('a cell that a spreadsheet would run', () => {
  it.each([
    "=cmd|' /C calc'!A0",
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '＝1+1',
    '+44 20 7946 0018;',
    '+',
    '-020 7946 0018',
    '+123',
  ])('is marked as text: %j', (value) => {
    expect(spreadsheetSafe(value)).toBe(`'${value}`);
  });

  it.each(['\t=1', '\r=1', '\n=1', ' =1', '\u200e=1', '\u00a0=1'])(
    'is marked without what is around it: %j',
    (value) => {
      expect(spreadsheetSafe(value)).toBe("'=1");
    },
  );

  it.each([
    ["x;=cmd|' /C calc'!A0;y", "x;'=cmd|' /C calc'!A0;y"],
    ['x\t=1', "x\t'=1"],
    ['x\n @y', "x\n' @y"],
    ['x,-1', "x,'-1"],
    ["x;'=1", "x;''=1"],
    ['=1;=2', "'=1;'=2"],
    ['+44 20 7946 0018;=1', "'+44 20 7946 0018;'=1"],
  ])('is marked also where a program that separates cells otherwise would begin one: %j', (value, cell) => {
    expect(spreadsheetSafe(value)).toBe(cell);
    expect(fromSpreadsheet(cell)).toBe(value);
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

describe('a value that a spreadsheet would save as another', () => {
  it.each([
    '0301234567',
    '+44207946001',
    '007',
    '123456789012',
    '1.50',
    '1-2',
    '03/04/2026',
    '12:30',
    '1E5',
    'TRUE',
    'March 2020',
    '5-May',
    'Dec-25',
  ])('is a text formula: %j', (value) => {
    expect(spreadsheetProof(value)).toBe(`="${value}"`);
    expect(fromSpreadsheet(spreadsheetProof(value))).toBe(value);
    expect(spreadsheetSafeCell(value)).toBe(`="${value}"`);
  });

  it.each(['', '7', '12345678901', '+44 20 7946 0018', '(030) 901820', '3M', 'Mary Lee', '0x', 'May', 'a@1.example'])(
    'is none: %j',
    (value) => {
      expect(spreadsheetProof(value)).toBe(value);
      expect(fromSpreadsheet(spreadsheetProof(value))).toBe(value);
    },
  );

  it('is one also with a tab in front, which is left out', () => {
    expect(spreadsheetProof('\t0301234567')).toBe('="0301234567"');
    expect(spreadsheetSafeCell('\t0,')).toBe('="0,"');
  });

  it('and what would be run is marked as before', () => {
    for (const value of ['=1', '-5', '@x', '+1+1']) expect(spreadsheetProof(value)).toBe(`'${value}`);
  });
});

describe('a text written as a formula', () => {
  it.each([
    ['="0791234567"', '0791234567'],
    ['="ann@acme.example"', 'ann@acme.example'],
    ['="Ann ""Annie"" Lee"', 'Ann "Annie" Lee'],
    ['=""', ''],
    ['=""""', '"'],
    ['="=1+1"', '=1+1'],
    [`="'=1"`, "'=1"],
    ['="=""079"""', '="079"'],
    ['="two\nlines"', 'two\nlines'],
    ['\u200e="079" ', '079'],
  ])('is the text: %j', (cell, text) => {
    expect(fromSpreadsheet(cell)).toBe(text);
  });

  it.each(['="079', '="079"1"', '="079"&"1"', '="a"b""', '="', '="""', '= "079"', '=079', '"079"'])(
    'is nothing else: %j',
    (cell) => {
      expect(fromSpreadsheet(cell)).toBe(cell);
    },
  );

  it('is the value itself behind the mark of text', () => {
    expect(fromSpreadsheet(`'="079"`)).toBe('="079"');
  });

  it('is told without delay, however long', () => {
    const quotes = '""'.repeat(200_000);
    expect(fromSpreadsheet(`="${quotes}"`)).toHaveLength(200_000);
    expect(fromSpreadsheet(`="${quotes}x`)).toHaveLength(400_003);
  });
});

describe('a cell of a file that is given back', () => {
  it.each([
    ["'=1", "'=1"],
    ['=1', "'=1"],
    ['="0791234567"', '="0791234567"'],
    ['="+44 20 7946 0018"', '="+44 20 7946 0018"'],
    ['="a ""b"""', '="a ""b"""'],
    ['="=1+1"', "'=1+1"],
    ['="@x"', "'@x"],
    ['="a"&B1', `'="a"&B1`],
    [`'="079"`, `'="079"`],
    ["'t Hooft", "'t Hooft"],
    [" '=1", "'=1"],
    [' ="079"\u200e', '="079"'],
    ['\t', ''],
    ["''\t", "''\t"],
  ])('has its mark once, and its formula of text alone where the text is harmless: %j', (cell, safe) => {
    expect(spreadsheetSafeCell(cell)).toBe(safe);
  });

  it('has the value that it had, and is no formula but one of text alone', () => {
    const start = fc.constantFrom('', "'", "''", '=', '="', '="=', `="'`, '+', '-', '@', '\t', ' ', ';', 'x;', "x,'");
    const end = fc.constantFrom('', '"', '""', '"&"');
    const cell = fc.tuple(start, start, fc.string(), end).map((parts) => parts.join(''));
    fc.assert(
      fc.property(cell, (original) => {
        const safe = spreadsheetSafeCell(original);
        expect(trimMarks(fromSpreadsheet(safe))).toBe(trimMarks(fromSpreadsheet(original)));
        expect(spreadsheetSafeCell(safe)).toBe(safe);
        if (safe.startsWith('=')) expect(safe.slice(1)).toMatch(/^"(?:[^"]|"")*"$/);
        if (safe.startsWith('=')) expect(safe.slice(2)).not.toMatch(/^'*\s*[=\-@]/);
      }),
      { numRuns: 2000 },
    );
  });
});

test('a round trip changes no value, also where a program has taken off the quotes and with them the spaces', () => {
  const start = fc.constantFrom(
    '',
    "'",
    "''",
    '=',
    '="',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    ' ',
    "' ",
    '+44 20 7946 0018',
    ';',
    'x;',
    "x;'",
    'x,',
    'x\t ',
  );
  const end = fc.constantFrom('', '"');
  const value = fc.tuple(start, start, fc.string({ unit: 'binary' }), end).map((parts) => parts.join(''));
  fc.assert(
    fc.property(value, (original) => {
      const cell = spreadsheetSafe(original);
      for (const saved of [cell, cell.trim()]) expect(trimMarks(fromSpreadsheet(saved))).toBe(trimMarks(original));
    }),
    { numRuns: 1000 },
  );
});

test('no part of what is made safe is a formula, whatever a program takes for the end of a cell', () => {
  const part = fc.constantFrom('=1', '+1', '-1', '@x', ';', ',', '\t', '\n', ' ', "'", 'x', '"');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const original = parts.join('');
      const cell = spreadsheetSafe(original);
      for (const separator of [',', ';', '\t', '\n']) {
        for (const piece of cell.split(separator)) expect(piece.trimStart()).not.toMatch(/^[=+\-@]/);
      }
      expect(trimMarks(fromSpreadsheet(cell))).toBe(trimMarks(original));
    }),
    { numRuns: 5000 },
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
