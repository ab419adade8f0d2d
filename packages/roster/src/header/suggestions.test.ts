import { expect, test } from 'vitest';
import { readHeader } from './read-header.ts';
import { suggestionsFor } from './suggestions.ts';

function suggested(...lines: string[]) {
  const result = readHeader(lines.map((line, index) => ({ line: index + 1, fields: line.split(';') })));
  const sample = result.ok ? result.header.sample : result.sample;
  if (sample === undefined) throw new Error('nothing was read');
  return suggestionsFor(sample, result.ok ? result.header : undefined);
}

test.for([
  ['Employe Nmae', 'employee_name'],
  ['Compagny', 'company_name'],
  ['Firmenbez.', 'company_name'],
  ['Moblie', 'mobile_no'],
  ['Emial adress', 'email'],
  ['Contact e-mail of employee', 'email'],
] as const)('a header cell %s is like %s', ([cell, column]) => {
  expect(suggested(`Nr;${cell};Ort`)).toEqual([{ position: 2, cell, column, score: expect.any(Number) }]);
});

test('values tell what a column may be, and with a similar name more', () => {
  const rows = ['1;ann@x.io;Ann Frost', '2;bob@x.io;Bob Gray', '3;cy@x.io;Cy Hill'];
  const byValues = suggested('A;B;C', ...rows);
  expect(byValues.map(({ position, column }) => `${position} ${column}`)).toEqual(['2 email', '3 employee_name']);

  const [first] = suggested('A;Emial;C', ...rows);
  expect(first).toMatchObject({ position: 2, column: 'email' });
  expect(first?.score).toBeGreaterThan(byValues[0]?.score ?? 1);
});

test('values of another kind make a similar name less likely', () => {
  const [likely] = suggested('Emial;Name;Company');
  expect(suggested('Emial;Name;Company', 'yes;Ann;Acme')).toEqual([]);
  expect(likely).toMatchObject({ column: 'email' });
});

test('columns that are found are not suggested, and known cells are for nothing else', () => {
  expect(suggested('Name;Compagny;Company;Emial;Email;Phone')).toEqual([]);
  expect(suggested('Name;Company;Email;Phone no. of the employee')).toMatchObject([
    { column: 'mobile_no', position: 4 },
  ]);
});

test('fields of a file without a header that is not clear are suggested by their positions', () => {
  expect(suggested('ann@x.io;1;Ann', 'bob@x.io;2;Bob')).toEqual([
    { position: 1, cell: null, column: 'email', score: 0.7 },
  ]);
});

test('of a hostile header a few are made, in little time', () => {
  const cells = Array.from({ length: 16_000 }, (_, index) => `emial${'x'.repeat(index % 50)}${index}`);
  const started = process.threadCpuUsage().user;
  expect(suggested(cells.join(';')).length).toBeLessThanOrEqual(20);
  expect((process.threadCpuUsage().user - started) / 1000).toBeLessThan(5000);
});
