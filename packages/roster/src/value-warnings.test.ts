import { describe, expect, it, test } from 'vitest';
import { byColumn, type Column } from './columns.ts';
import { ValueWarnings } from './value-warnings.ts';

const GOOD = { employee_name: 'Ann Lee', company_name: 'Acme Ltd', mobile_no: '0301234567', email: 'ann@acme.example' };

/** The codes that one row with these values is warned of, by column. */
function codesOf(values: Partial<Record<Column, string>>): Record<string, string[]> {
  const warnings = new ValueWarnings();
  warnings.see({ line: 2, ...GOOD, ...values });
  return Object.fromEntries(
    Object.entries(Object.groupBy(warnings.list(), ({ column }) => String(column))).map(([column, list = []]) => [
      column,
      list.map(({ code }) => code),
    ]),
  );
}

describe('what looks damaged is warned of', () => {
  it.each([
    [
      'html_entities',
      [
        'O&#39;Neil',
        'O&#x27;Neil',
        'Oak &amp; Line',
        'Jos&eacute;',
        'Ren&eacute;',
        'Ann&nbsp;Lee',
        'M&Uuml;LLER',
        '&lt;b&gt;',
      ],
    ],
    ['markup', ['<b>Bold</b>', 'Ann<br/>Lee', '<a href="x">Ann</a>', '<!-- Ann -->']],
    // UTF-8 read as Windows-1252, once and twice.
    [
      'mojibake',
      ['JosÃ©', 'PeÃ±a', 'CafÃ© Ãœse', 'Ã–sterreich', 'BJÃ–RN', 'Oâ€™Neil', 'JosÃƒÂ©', 'Å\u00a0koda', 'Åukasz Å»ak'],
    ],
    [
      'mojibake',
      [
        'MÃ¼ller & SÃ¶hne',
        'Straße JosÃ©',
        'Anna â€“ Bob',
        'å¼ ä¼Ÿ',
        'ã‚¹ã‚ºã‚\u00ad',
        'Ð”ÑƒÐ±Ð¾Ð²Ð°',
        'Î‘Î½Î½Î±',
        'ðŸ˜€',
        'Â©Acme',
      ],
    ],
    // The same as MacRoman, code page 850, Windows-1250 and Windows-1251.
    ['mojibake', ['Jos√©', 'M√ºller', 'O‚ÄôNeil', 'Jos├®', 'M├╝ller', 'JosĂ©', 'MĂĽller', 'Ĺ‚ukasz', 'РђРЅРЅР°']],
    ['lost_characters', ['Jos?', 'Pe?a', 'Caf? ?se', 'M?ller', 'J??rgen', 'Pe¿a', 'Jos¿ Lee', 'M\u25a1ller']],
    [
      'shifted_values',
      [
        '0301234567',
        '+44 20 7946 0018',
        '(030) 901820',
        'ann@acme.example',
        'Ann <ann@acme.example>',
        '12.03.1987',
        '104422',
      ],
    ],
  ] as const)('%s: %j', (code, values) => {
    for (const value of values) {
      expect([value, codesOf({ employee_name: value })]).toEqual([value, { employee_name: [code] }]);
      expect([value, codesOf({ company_name: value })]).toEqual([value, { company_name: [code] }]);
    }
  });

  it('in what UTF-8 becomes when it is read as Windows-1252, whatever letter of Europe it was', () => {
    const letters = 'áàâäãåæçéèêëíîïñóôöøœúûüýÿßÇÉÈÊÖÜØÅÆŒčďěňřšťůžąćęłńśźżőűășțğıİşΑΒΓΔαβγδεАБВГДабвгд';
    for (const letter of letters) {
      const name = `Ann${readAs1252(letter)}b`;
      // Where a byte is none of Windows-1252, a control character stands for it, which rejects the row.
      if (/\p{Cc}/u.test(name)) continue;
      expect([letter, name, codesOf({ employee_name: name })]).toEqual([letter, name, { employee_name: ['mojibake'] }]);
      expect(codesOf({ employee_name: `Ann${readAs1252(readAs1252(letter))}b` })).toEqual({
        employee_name: ['mojibake'],
      });
    }
  });

  it('in a number and an address where they are none, as in a row that has moved by a column', () => {
    expect(codesOf({ mobile_no: 'ann@acme.example' })).toEqual({ mobile_no: ['shifted_values'] });
    expect(codesOf({ email: '030 1234567' })).toEqual({ email: ['shifted_values'] });
    expect(codesOf({ email: 'Ann Lee' })).toEqual({ email: ['shifted_values'] });
    expect(codesOf({ employee_name: '7', company_name: 'Ann Lee', mobile_no: 'Acme', email: '030 1234567' })).toEqual({
      email: ['shifted_values'],
    });
  });
});

/** What a program shows of UTF-8 that it reads as Windows-1252. */
function readAs1252(text: string): string {
  return new TextDecoder('windows-1252').decode(Buffer.from(text));
}

test.each([
  ...[
    'Müller & Söhne',
    'AT&T',
    'R&D; Sales',
    'A & B; C',
    '& Co',
    'Marks&Spencer',
    'H&M; B&Q',
    'a < b',
    'I <3 NY',
    '->',
    '<->',
  ],
  ...[
    'José García',
    'SÃO PAULO',
    'MAÇÃ',
    'CAFÉ’S',
    '“MAÇÔ',
    '„JÄ“',
    'KÖ’S',
    'NICOLÒ’S',
    'Nicolò’s',
    'FRANÇAIS',
    'Žižek',
    'Ångström',
  ],
  ...[
    'Łukasz Żak',
    'Ștefan Ţurcanu',
    'PĂŞUNE',
    'Анна Дубова',
    'РОССИЯ',
    'СССР',
    'Сірко Роза',
    'Ρένα',
    '王小明',
    '佐藤 花子',
    'علی رضا',
  ],
  ...[
    '¿Quién?',
    '¿Qué tal?',
    'Ñandú',
    'Île-de-France',
    'Øre',
    'Ø',
    'Ðorđe',
    'Nguyễn Văn',
    '24/7',
    '4711',
    '3M',
    '1&1',
    '1822 direkt',
  ],
  ...['@home', 'info@work', 'Ann @ Acme', '😀', '20th Century', '99 cents', '2 x 4', "O'Neil", 'O’Neil', '', '2024'],
])('nothing is said of %s', (name) => {
  expect(codesOf({ employee_name: name, company_name: name })).toEqual({});
});

test('nothing is said of numbers and addresses that are such', () => {
  expect(codesOf({ mobile_no: '', email: 'jane' })).toEqual({});
  expect(codesOf({ mobile_no: '+44 20 7946 0018', email: 'Jane Roe <jane@x.org>' })).toEqual({});
});

test('each column has its own count, the first ten lines and a text', () => {
  const warnings = new ValueWarnings();
  for (let line = 2; line < 14; line++) warnings.see({ line, ...GOOD, employee_name: 'O&#39;Neil' });
  warnings.see({ line: 14, ...GOOD, company_name: 'Oak &amp; Line' });

  expect(warnings.list()).toEqual([
    {
      code: 'html_entities',
      column: 'employee_name',
      text: expect.stringMatching(/^employee_name has signs written as HTML/),
      count: 12,
      lines: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    },
    {
      code: 'html_entities',
      column: 'company_name',
      text: expect.stringMatching(/^company_name has/),
      count: 1,
      lines: [14],
    },
  ]);
});

test('a record that could not be shaped is passed over', () => {
  const warnings = new ValueWarnings();
  warnings.see({
    line: 2,
    raw: ['O&#39;Neil'],
    errors: [{ code: 'field_count', column: null, message: 'has 1 field' }],
  });

  expect(warnings.list()).toEqual([]);
});

test('a row of blank cells is warned of nothing', () => {
  expect(codesOf(byColumn(() => ''))).toEqual({});
});
