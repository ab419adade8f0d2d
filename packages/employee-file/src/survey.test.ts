import { describe, expect, it } from 'vitest';
import { type ReadableSegment, readRows, segmentsOf } from './read-rows.ts';
import { factsOf, survey } from './survey.ts';
import { UnreadableFileError } from './unreadable-file.ts';

const HEADER = 'name,company,phone,email\n';
const ROW = 'Ann,Acme,0301234567,ann@acme.example\n';

function surveyText(text: string) {
  return survey([Buffer.from(text)]);
}

async function failureOf(bytes: Uint8Array | string) {
  const chunks = [typeof bytes === 'string' ? Buffer.from(bytes) : bytes];
  const error: unknown = await survey(chunks).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UnreadableFileError) return error.failure;
  throw new Error('the file was not refused', { cause: error });
}

describe('the facts of a file', () => {
  it('say what was detected, where columns are read from, what is ignored and how much is broken', async () => {
    const text = '\ufeffsep=;\r\nID;E-Mail;Full name;Company;Mobile;Notes\r\n1;a@b.example;"open;x;030 1234567\r\n';
    expect(factsOf(await surveyText(text))).toEqual({
      detected: { delimiter: ';', encoding: 'utf-8', encodingConfidence: 1, bom: true, header: true },
      columns: { employee_name: 'Full name', company_name: 'Company', mobile_no: 'Mobile', email: 'E-Mail' },
      ignoredColumns: ['ID', 'Notes'],
      brokenRecords: 1,
      warnings: [],
    });
  });

  it('are the same for a file without a header', async () => {
    expect(factsOf(await surveyText(ROW))).toEqual({
      detected: { delimiter: ',', encoding: 'utf-8', encodingConfidence: 1, bom: false, header: false },
      columns: { employee_name: null, company_name: null, mobile_no: null, email: null },
      ignoredColumns: [],
      brokenRecords: 0,
      warnings: [],
    });
  });

  it('say how fields are quoted and the header is divided where it is not as in most files', async () => {
    const single = "'name','company','email'\n'Ann','Oak, Ltd','ann@a.example'\n";
    expect(factsOf(await surveyText(single)).detected).toMatchObject({ delimiter: ',', quoting: 'single' });
    const divided = 'name,company,email;;\nAnn;Oak, Ltd;ann@a.example\n';
    const { detected, columns, ignoredColumns } = factsOf(await surveyText(divided));
    expect(detected).toMatchObject({ delimiter: ';', headerDelimiter: ',' });
    expect({ columns, ignoredColumns }).toEqual({
      columns: { employee_name: 'name', company_name: 'company', mobile_no: null, email: 'email' },
      ignoredColumns: [],
    });
  });

  it('take the delimiter that is stated', async () => {
    const bytes = Buffer.from(
      'name;company;email;x,name,company,email\nAnn;Acme;ann@a.example;x,Bob,Oak,bob@b.example\n',
    );
    expect(factsOf(await survey([bytes], { delimiter: ';' }))).toMatchObject({
      detected: { delimiter: ';' },
      columns: { employee_name: 'name', email: 'email' },
      ignoredColumns: ['x,name,company,email'],
    });
    expect(factsOf(await survey([bytes], { delimiter: ',' }))).toMatchObject({
      detected: { delimiter: ',' },
      ignoredColumns: ['name;company;email;x'],
    });
  });

  it('do not depend on the chunks that the file comes in', async () => {
    const bytes = Buffer.from(HEADER + ROW);
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await survey(single)).toEqual(await survey([bytes]));
  });

  it('count a Windows-1252 byte far behind the header, which is then read as such too', async () => {
    const bytes = Buffer.concat([
      Buffer.from('name,company,phone,email,St\xe4dte\n', 'latin1'),
      Buffer.alloc(3 * 1024 * 1024, ROW),
      Buffer.from('Zo\xeb,Acme,0301234567,zoe@acme.example\n', 'latin1'),
    ]);
    const { detected, ignoredColumns } = factsOf(await survey([bytes]));
    expect({ encoding: detected.encoding, ignoredColumns }).toEqual({
      encoding: 'windows-1252',
      ignoredColumns: ['Städte'],
    });
  });
});

describe('a file in UTF-8 with bad bytes', () => {
  const good = Buffer.from('name,company,phone,email\nZoë Müller,Café Åse,0301234567,zoe@acme.example\n');

  it.each([
    ['of another encoding', Buffer.from('Ren\xe9 No\xebl,Caf\xe9,0301234568,rene@acme.example\n', 'latin1')],
    ['of a name cut within a character', Buffer.from('Zo\xc3,Acme,0301234568,zo@acme.example\n', 'latin1')],
  ])('stays in UTF-8: %s', async (_, bad) => {
    for (const bytes of [Buffer.concat([good, bad]), Buffer.concat([good, bad, good])])
      expect(factsOf(await survey([bytes])).detected.encoding).toBe('utf-8');
  });
});

describe('the header', () => {
  it('decides on the delimiter by its names, where something else divides the rows more', async () => {
    const tabs = 'employee_name,\t\tcompany_name,\t\tmobile_no,\temail\nAnn Lee,\t\tAcme,\t\t0301234567,\ta@x.io\n';
    expect(factsOf(await surveyText(tabs))).toMatchObject({
      detected: { delimiter: ',' },
      columns: { employee_name: 'employee_name', email: 'email' },
      ignoredColumns: [],
    });
  });

  it('may stand below empty lines', async () => {
    const { header, split } = await surveyText(`\n\r\n , ,\n${HEADER}${ROW}`);
    expect(header.map.hasHeader).toBe(true);
    expect(split.lines).toBe(5);
  });

  it('may begin after half a MiB of empty lines, however long it is', async () => {
    const other = 'x'.repeat(60_000);
    const long = `${other},${other},name,${other},company,phone,${other},email\n`;
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const above = encoding === 'utf8' ? 512 * 1024 : 256 * 1024 - 1;
      const text = `${encoding === 'utf8' ? '' : '\ufeff'}${'\n'.repeat(above)}${long}`;
      const { header } = await survey([Buffer.from(text, encoding)]);
      expect(header.map.positions.email).toBe(7);
    }
  });

  it('may be as long as a record may be', async () => {
    const others = Array.from({ length: 30 }, (_, index) => `${index}${'x'.repeat(8000)}`).join(',');
    const { header } = await surveyText(`${others},name,company,phone,email\n`);
    expect(header.map.positions.email).toBe(33);
  });

  it.each([
    ['is longer', `${'x,'.repeat(200_000)}name,company,phone,email\n`, 'This line is longer than 256 KiB'],
    ['has a quote that is never closed', `"name,company,phone,email\n${ROW}`, 'A quote that opens a field'],
    [
      'stands below more than half a MiB of nothing',
      '\n'.repeat(512 * 1024 + 1) + HEADER,
      'nothing but empty lines in the first 512 KiB',
    ],
  ])('cannot be read where it %s', async (_, text, reason) => {
    const { code, detail } = await failureOf(text);
    expect(code).toBe('missing_columns');
    expect(detail).toContain(`The header cannot be read: ${reason}`);
  });
});

describe('a file that ends with the mark of DOS', () => {
  const text = `"name";"company";"phone";"email"\r\n"Zoë";"Acme\r\nLtd";"0301234567";"zoe@acme.example"`;

  it.each([
    ['behind the last row', text],
    ['on a line of its own', `${text}\r\n`],
    ['behind a header alone', '"name";"company";"phone";"email"'],
    ['behind blank lines', `${text}\n\n ; \n`],
  ])('is the file without it: %s', async (_, text) => {
    for (const [start, encoding] of [
      ['', 'utf8'],
      ['\ufeffsep=;\r\n', 'utf8'],
      ['\ufeff', 'utf16le'],
    ] as const) {
      const expected = await survey([Buffer.from(start + text, encoding)]);
      expect(await survey([Buffer.from(`${start}${text}\x1a`, encoding)])).toEqual(expected);
      expect(await survey([Buffer.from(`${start}${text}\x1a\r\n`, encoding)])).toEqual(expected);
    }
  });

  it('is the file without it in segments too, and within the file it is a row', async () => {
    const chunks = [Buffer.from(HEADER), Buffer.alloc(ROW.length * 500_000, ROW)];
    const expected = await survey(chunks);
    expect(expected.split.segments).toHaveLength(3);
    expect(await survey([...chunks, Buffer.from('\x1a')])).toEqual(expected);

    const { split } = await survey([...chunks, Buffer.from('\x1a\n'), ...chunks, Buffer.from('\x1a\n')]);
    expect(split.records).toBe(2 * expected.split.records + 1);
  });
});

describe('a file that cannot be read', () => {
  it.each(['', '\x1a', '\ufeff\x1a\n', 'sep=;\r\n\x1a', '\n\r\n', '\ufeff', 'sep=;\r\n', ' , ,\n"",""\n'])(
    'is empty: %j',
    async (text) => {
      expect(await failureOf(text)).toEqual({
        code: 'empty_file',
        detail: 'The file is empty: it has no header and no rows.',
      });
    },
  );

  it('is not CSV: it says what it is and what to do', async () => {
    expect(await failureOf(Buffer.from('PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml', 'latin1'))).toEqual({
      code: 'not_csv',
      detail:
        'The file is not CSV text; it looks like an Excel workbook (.xlsx). In Excel: File → Save as → CSV UTF-8, then send that file.',
    });
    expect((await failureOf(Buffer.from('\x1f\x8b\x08\0', 'latin1'))).detail).toBe(
      'The file is not CSV text; it looks like a gzip archive. Unpack it and send the CSV file that is in it.',
    );
  });

  it('has more columns than any sheet', async () => {
    expect(await failureOf(`${'name,'.repeat(50_000)}email\n${ROW}`)).toEqual({
      code: 'too_many_columns',
      detail: 'The header has 50001 columns, at most 16384 are read. Remove the columns that are not needed.',
    });
  });

  it('lacks a column', async () => {
    expect((await failureOf('name;company;phone\nAnn;Acme;1\n')).detail).toBe(
      'The header lacks email. It has: "name", "company", "phone".',
    );
  });
});

describe('a header below other lines', () => {
  const above = 'Staff list\n"never closed\n\n,,\n#note\n';

  it('is where the rows begin: what stands above is in no segment, and in no count', async () => {
    const text = `${above}${HEADER}${ROW}"open,x\n${ROW}`;
    const surveyed = await surveyText(text);
    const [segment, ...others] = segmentsOf(surveyed);

    expect(others).toEqual([]);
    expect(segment).toMatchObject({ start: above.length, end: text.length, firstLine: 6 });
    expect(surveyed.split).toMatchObject({ records: 4, broken: 1, lines: 9 });
    expect(factsOf(surveyed)).toMatchObject({
      detected: { header: true, headerLine: 6, skippedLines: 3 },
      brokenRecords: 1,
      warnings: [{ code: 'lines_skipped', count: 3, lines: [1, 2, 5] }],
    });
    const rows = [];
    for await (const batch of readRows(segment as ReadableSegment, Buffer.from(text).subarray(segment?.start)))
      rows.push(...batch);
    expect(rows.map(({ line }) => line)).toEqual([7, 8, 9]);
  });

  it('is found in UTF-16, behind a sep= line and with a delimiter of its own', async () => {
    for (const [start, encoding] of [
      ['sep=;\r\n', 'utf8'],
      ['\ufeff', 'utf16le'],
    ] as const) {
      const text = `${start}Title;;\r\n\r\nname,company,email;;\r\nAnn;Acme;a@x.io\r\nBob;Acme;b@x.io\r\n`;
      const line = start.startsWith('sep=') ? 4 : 3;
      const { header, split } = await survey([Buffer.from(text, encoding)]);
      expect(header).toMatchObject({ line, cells: ['name', 'company', 'email'] });
      expect(split).toMatchObject({ records: 3, segments: [{ firstLine: line, records: 3 }] });
    }
  });

  it('is found in the last of the bytes that may have it, and not behind', async () => {
    const long = `${'x'.repeat(60_000)}\n`;
    const line = (count: number) => long.repeat(count) + HEADER + ROW;
    expect((await surveyText(line(8))).header.line).toBe(9);
    expect(await failureOf(line(9))).toMatchObject({ code: 'missing_columns' });
  });
});
