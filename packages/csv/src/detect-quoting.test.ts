import { describe, expect, it } from 'vitest';
import { rowsOf } from '../test/read.ts';
import { detectFormat, HEAD_BYTES } from './index.ts';

const NAMES = ['name', 'company', 'phone', 'email'];
const isHeader = (cells: readonly string[]) => NAMES.every((name) => cells.includes(name));

function detect(file: string | Uint8Array, stated?: { delimiter: ',' | ';' }) {
  const format = detectFormat(typeof file === 'string' ? Buffer.from(file) : file, isHeader, stated);
  if (!format.ok) throw new Error(format.kind);
  const { quoting, delimiter, headerDelimiter } = format;
  return { quoting, delimiter, headerDelimiter };
}

function text(...lines: string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

describe('lines in one pair of quotes', () => {
  it('are read again as lines', async () => {
    const file = text(
      '"name,company,phone,email"',
      '"Hal Kerr,Oakline,1,hal@a.example",,,',
      '"Ivy Lane,""Oak, Ltd"",2,ivy@a.example"',
      '",,,"',
      '"""""""Jo"""" Lane"",""a',
      'b"",,jo@a.example"',
    );
    expect(detect(file)).toMatchObject({ quoting: 'whole-line', delimiter: ',' });
    expect(await rowsOf(file)).toEqual([
      [1, ...NAMES],
      [2, 'Hal Kerr', 'Oakline', '1', 'hal@a.example'],
      [3, 'Ivy Lane', 'Oak, Ltd', '2', 'ivy@a.example'],
      [5, '"Jo" Lane', 'a\nb', '', 'jo@a.example'],
    ]);
  });

  it('may stand below a header that is not', () => {
    const rows = ['"Hal;""Oakline"";1;hal@a.example"', '"Ivy;""Oak"";2;ivy@a.example"'];
    expect(detect(text('name;company;phone;email', ...rows))).toMatchObject({ quoting: 'whole-line', delimiter: ';' });
  });

  it('are no quoting of the file where they are a few of many, or one column', () => {
    const plain = 'Hal Kerr,Oakline,1,hal@a.example';
    const odd = '"Ivy Lane,""Oak, Ltd"",2,ivy@a.example"';
    expect(detect(text('name,company,phone,email', plain, odd))).toMatchObject({ quoting: 'double' });
    expect(detect(text('"title"', '"Jones, Smith"', '"Oak, Ltd"'))).toMatchObject({ quoting: 'double' });
  });
});

describe('quotes escaped with backslashes', () => {
  const HEADER = '"name","company","phone","email"';

  it('are quotes, and two backslashes one, also in a field of two lines', async () => {
    const file = text(
      HEADER,
      '"Joe \\"Red\\" Marsh","Oak\\\\","1","joe@a.example"',
      '"Kit","The \\"Oak\\", Ltd\\',
      'second",,"kit@a.example"',
      '"Lou","C:\\new","\\"","lou@a.example"',
    );
    expect(detect(file)).toMatchObject({ quoting: 'backslash' });
    expect(await rowsOf(file)).toEqual([
      [1, ...NAMES],
      [2, 'Joe "Red" Marsh', 'Oak\\', '1', 'joe@a.example'],
      [3, 'Kit', 'The "Oak", Ltd\nsecond', '', 'kit@a.example'],
      [5, 'Lou', 'C:\\new', '"', 'lou@a.example'],
    ]);
  });

  it.each([
    ['a backslash at the end of a field', '"Ann","C:\\","1","ann@a.example"'],
    ['two of them', '"Ann","\\\\server\\share\\\\","1","ann@a.example"'],
    ['one before a doubled quote', '"Ann","a\\""b","1","ann@a.example"'],
    ['one without quotes', 'Ann,C:\\,1,ann@a.example'],
    ['stray quotes and a backslash elsewhere', '"Ann "Annie" Lee","C:\\","1","ann@a.example"'],
  ])('are not seen in a file that has %s', async (_, row) => {
    const file = text(HEADER, row, '"Bob","Oak","2","bob@a.example"');
    expect(detect(file)).toMatchObject({ quoting: 'double', delimiter: ',' });
    expect((await rowsOf(file)).map(({ length }) => length)).toEqual([5, 5, 5]);
  });

  it('are no quoting of a file in which other records double them', () => {
    const doubled = '"Ann","The ""Oak""","1","ann@a.example"';
    expect(detect(text(HEADER, doubled, '"Joe \\"Red\\" Marsh","Oak","2","joe@a.example"'))).toMatchObject({
      quoting: 'double',
    });
  });
});

describe('single quotes', () => {
  it('are taken off where all values have them, with apostrophes inside', async () => {
    const file = text(
      "'name','company','phone','email'",
      "'Ann','Oak, Ltd','1','ann@a.example'",
      "'Pat O''Neil','Rock 'n' Roll',NULL,'pat@a.example'",
      "''t Hooft','',7700900123,'t@a.example'",
    );
    expect(detect(file)).toMatchObject({ quoting: 'single' });
    expect(await rowsOf(file)).toEqual([
      [1, ...NAMES],
      [2, 'Ann', 'Oak, Ltd', '1', 'ann@a.example'],
      [3, "Pat O'Neil", "Rock 'n' Roll", 'NULL', 'pat@a.example'],
      [4, "'t Hooft", '', '7700900123', 't@a.example'],
    ]);
  });

  it.each([
    ["'t Hooft,Oak,1,t@a.example"],
    ["'t Hooft, O',Oak,1,t@a.example"],
    ["'t Hooft,Chez Lois',1,t@a.example"],
    ["'Ann','Oak',1,t@a.example"],
  ])('are characters where not all values have them: %s', (row) => {
    expect(detect(text('name,company,phone,email', row))).toMatchObject({ quoting: 'double', delimiter: ',' });
  });
});

describe('typographic quotes', () => {
  const rowsIn = (open: string, close: string) =>
    text(
      NAMES.map((name) => open + name + close).join(';'),
      ['Ann "A" Lee', 'Oak; Ltd', '1', 'ann@a.example'].map((cell) => open + cell + close).join(';'),
      [`Bob`, `The ${open}Oak${close} Ltd`, '', 'bob@a.example'].map((cell) => open + cell + close).join(' ; '),
    );
  const EXPECTED = (open: string, close: string) => [
    [1, ...NAMES],
    [2, 'Ann "A" Lee', 'Oak; Ltd', '1', 'ann@a.example'],
    [3, 'Bob', `The ${open}Oak${close} Ltd`, '', 'bob@a.example'],
  ];

  it.each(['“”', '„“', '«»', '»«', '‘’', '””'])('%s are taken off, in every encoding', async (pair) => {
    const [open = '', close = ''] = pair;
    const file = rowsIn(open, close);
    for (const bytes of [Buffer.from(file), Buffer.from(`\ufeff${file}`, 'utf16le'), windows1252(file)]) {
      expect(detect(bytes)).toMatchObject({ quoting: 'typographic', delimiter: ';' });
      expect(await rowsOf(bytes)).toEqual(EXPECTED(open, close));
    }
  });

  it.each([['“Oak” Ann,Oak,1,ann@a.example'], ['“Ann”,“Oak” Ltd,1,ann@a.example'], ['“Ann”,“Oak”,“1”,ann@a.example']])(
    'are characters where not all values have them: %s',
    (row) => {
      expect(detect(text('name,company,phone,email', row))).toMatchObject({ quoting: 'double', delimiter: ',' });
    },
  );
});

/** The quotes of Windows-1252, where it differs from Latin-1. */
function windows1252(text: string): Buffer {
  const marks: Record<string, string> = { '„': '\x84', '‘': '\x91', '’': '\x92', '“': '\x93', '”': '\x94' };
  return Buffer.from(
    text.replace(/[„‘’“”]/g, (mark) => marks[mark] ?? ''),
    'latin1',
  );
}

describe('a quoting', () => {
  const row = "'Ann','Oak, Ltd','1','ann@a.example'";

  it('may be left by one record in twenty', () => {
    const rows = (times: number) =>
      text("'name','company','phone','email'", ...Array(times).fill(row), 'Bob,Oak,1,bob');
    expect(detect(rows(18))).toMatchObject({ quoting: 'single' });
    expect(detect(rows(17))).toMatchObject({ quoting: 'double' });
  });

  it('is told by the beginning of a longer file, but for the record that is cut off there', () => {
    const rows = `${row}\n`.repeat(Math.ceil(HEAD_BYTES / row.length));
    expect(detect(text("'name','company','phone','email'") + rows + 'x\n'.repeat(1000))).toMatchObject({
      quoting: 'single',
    });
  });
});

describe('a header with a delimiter of its own', () => {
  const rows = ['Greta Linde;Eichwerk, GmbH;1;greta@a.example', 'Hans Buche;Eichwerk;2;hans@a.example'];

  it.each([
    ['name,company,phone,email'],
    ['name,company,phone,email;;;'],
    ['"name,company,phone,email"'],
    ['name\tcompany\tphone\temail'],
  ])('is what a spreadsheet makes of it that has another list separator: %s', (header) => {
    const headerDelimiter = header.includes('\t') ? '\t' : ',';
    expect(detect(text(header, ...rows))).toEqual({ quoting: 'double', delimiter: ';', headerDelimiter });
    expect(detect(text(header, ...rows), { delimiter: ';' })).toMatchObject({ delimiter: ';', headerDelimiter });
    expect(detect(`sep=;\n${text(header, ...rows)}`)).toMatchObject({ delimiter: ';', headerDelimiter });
  });

  it('may stand below a title', () => {
    expect(detect(text('Staff', '', 'name,company,phone,email', ...rows))).toMatchObject({
      delimiter: ';',
      headerDelimiter: ',',
    });
  });

  it('is not seen where one delimiter does for all', () => {
    for (const row of ['Ann;a,Oak,1,ann@a.example', 'a;b;c;d,Oak,1,ann@a.example', '"a;b;c;d",Oak,1,ann@a.example'])
      expect(detect(text('name,company,phone,email', row))).toMatchObject({
        delimiter: ',',
        headerDelimiter: undefined,
      });
    expect(detect(text('name;company;phone;email', ...rows))).toMatchObject({
      delimiter: ';',
      headerDelimiter: undefined,
    });
    expect(detect('name,company,phone,email\n')).toMatchObject({ delimiter: ',', headerDelimiter: undefined });
  });
});

describe('a delimiter that is stated', () => {
  it('is not detected, nor taken from the sep= line', () => {
    expect(detect('name,company\na;b\n', { delimiter: ';' })).toMatchObject({ delimiter: ';' });
    expect(detect('sep=,\nname,company\n', { delimiter: ';' })).toMatchObject({ delimiter: ';' });
    expect(detect("'name';'company'\n'a,b';'c'\n", { delimiter: ';' })).toMatchObject({ quoting: 'single' });
  });
});
