import fc from 'fast-check';

/** Values as files have them, plain and odd: of many scripts, in wrappings, like formulas, blanks and numbers. */
const NAMES = [
  ...[
    'Ann Lee',
    'José García',
    'Zoë Müller',
    '王小明',
    'علی\u200cرضا',
    'Jose\u0301',
    "O'Neil",
    '’t Hooft',
    "'t Hooft",
    'Jenny Null',
  ],
  ...[
    'Ann "Annie" Lee',
    '"Lee"',
    'Lee, Ann',
    'Lee; Ann',
    '=Ann',
    '+Ann',
    '-Ann',
    '@Ann',
    "'=Ann",
    "''=Ann",
    '="Ann"',
    '=1+1',
    '\u200eAnn',
  ],
  ...[
    '007',
    '1-2',
    '1E5',
    'TRUE',
    'March 2020',
    '12:30',
    '3.14',
    '0301234567',
    '+44207946001',
    '<b>Ann</b>',
    'Ann &amp; Lee',
    'Jos? Lee',
  ],
  ...[
    '-',
    'NULL',
    'None',
    '?',
    '#REF!',
    'Nil',
    '\\N',
    '\\',
    'Ann\\',
    '|',
    'Ann|Lee',
    '😀',
    'x',
    ' Ann ',
    'Ann  Lee',
    '\u00a0Ann',
  ],
];
const NUMBERS = [
  ...[
    '',
    '030 1234567',
    '+44 20 7946 0018',
    '(030) 901820',
    '0301234567',
    '+1 608 555 0100 x11',
    'tel:+16085550100',
    '+44+7700900123',
  ],
  ...[
    '１２３-４５６７-８９０１',
    '٠٧٧٠٠٩٠٠١٢٣',
    '07700 900123 (work)',
    '‘+447700900123',
    '-030 1234567',
    "'+49 30 1234567",
    '="0301234567"',
  ],
  ...[
    '030\u00a01234567',
    '030/1234567',
    '1-2',
    '12.03.1987',
    'NULL',
    '+1 608 555 0100,,11',
    '+7 495 1234567 доб. 12',
    '1234567',
    '12345678901',
  ],
];
/** What stands around an address, or in it. */
const ADDRESSES = [
  ...['#', '<#>', 'Jane <#>', 'mailto:#', '#.', '#;', '"#"', '(#)', '# (private)', '="#"'].map((form) =>
    form.replace('#', 'ann.@@x.example'),
  ),
  ...[
    '-@@x.example',
    "o'neil@@x.example",
    'o’neil@@x.example',
    '=1@@x.example',
    '+1@@x.example',
    'ann@@münchen.example',
    'ANN@@X.EXAMPLE',
  ],
  ...[
    "'@@x.example",
    '{a}@@x.example',
    'a`@@x.example',
    '`a@@x.example',
    'ann＠＠x.example',
    'ann@@faß.example',
    'a/b@@x.example',
  ],
];

const any = (values: readonly string[]) => fc.constantFrom(...values);
const text = fc.oneof(
  { weight: 3, arbitrary: any(NAMES) },
  { weight: 1, arbitrary: fc.array(any(NAMES), { minLength: 2, maxLength: 3 }).map((names) => names.join(' ')) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
);
const number = fc.oneof(
  { weight: 3, arbitrary: any(NUMBERS) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789+-. ()/x,;"\''), minLength: 5, maxLength: 18 }),
  },
);

/** The values of somebody, of whom some are refused. `address` has `@@` where the number of the person goes before the `@`. */
export const oddPerson = fc.record({
  employee_name: text,
  company_name: text,
  mobile_no: number,
  address: any(ADDRESSES),
});

/** An address of nobody else, out of that of an odd person. */
export function ownAddress(address: string, index: number): string {
  return address.replace(/@@|＠＠/, `${index}@`);
}
