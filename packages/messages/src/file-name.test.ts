import { expect, test } from 'vitest';
import { presentableFileName } from './file-name.ts';

test.for([
  ['staff.csv', 'staff.csv'],
  ['große Liste.csv', 'große Liste.csv'],
  ['../../../etc/passwd', 'passwd'],
  ['C:\\Users\\jane\\staff.csv', 'staff.csv'],
  ['a\r\nb.csv', 'a__b.csv'],
  ['staff\u202efdp.csv', 'staff_fdp.csv'],
  ['lone \ud800.csv', 'lone \ufffd.csv'],
  [`${'x'.repeat(254)}😀.csv`, 'x'.repeat(254)],
  ['..', 'upload.csv'],
  ['/', 'upload.csv'],
  ['', 'upload.csv'],
])('the file name %j is shown as %j', ([given, shown]) => {
  expect(presentableFileName(given ?? '')).toBe(shown);
});
