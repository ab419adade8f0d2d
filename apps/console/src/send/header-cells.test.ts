import { expect, test } from 'vitest';
import { headerCellsOf, splitLine } from './header-cells.ts';

test.each([
  ['a,b,c', ',', ['a', 'b', 'c']],
  [' a ;b;', ';', ['a', 'b', '']],
  ['"Name, full","E-Mail ""work"""', ',', ['Name, full', 'E-Mail "work"']],
  ['', ',', ['']],
])('the fields of %j between %j', (line, delimiter, cells) => {
  expect(splitLine(line, delimiter)).toEqual(cells);
});

test('of a file that could not be read, the cells of its first line are found all the same', async () => {
  const file = new File(['\ufeff\r\nWer;Wo;E-Mail\r\nAnn, Lee;Acme;a@x.example\r\n'], 'staff.csv');

  expect(await headerCellsOf(file, null)).toEqual(['Wer', 'Wo', 'E-Mail']);
});

test('a file in UTF-16 is read by its mark', async () => {
  const text = Buffer.from('\ufeffName\tMail\r\nÉva\te@x.example\r\n', 'utf16le');

  expect(await headerCellsOf(new File([text], 'staff.txt'), null)).toEqual(['Name', 'Mail']);
});
