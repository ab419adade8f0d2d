import { describe, expect, it } from 'vitest';
import { detectFormat, HEAD_BYTES } from './index.ts';

function detect(text: string) {
  return detectFormat(Buffer.from(text));
}

describe('the delimiter', () => {
  it.each([
    [',', 'name,company,email\nAnn;x,Acme,a@x.io\n'],
    [';', 'name;company;email\nAnn;"Stone, Brook, Co";a@x.io\nBob;Acme, Inc;b@x.io\n'],
    ['\t', 'name\tcompany\nAnn, Lee\tAcme\n'],
    ['|', 'name|company\nAnn, Lee|Acme; Co\n'],
  ])('%j is found, with quotes respected', (delimiter, text) => {
    expect(detect(text)).toMatchObject({ ok: true, delimiter });
  });

  it('is the one of the header when every row holds another as well', () => {
    expect(detect('name;company;mobile;email\n'.concat('Lee, Ann;Acme;1,2;a@x.io\n'.repeat(30)))).toMatchObject({
      delimiter: ';',
    });
  });

  it('is the one under which a record is a header, whatever divides the rows more', () => {
    const text = 'name,\t\tcompany,\t\temail\nAnn Lee,\t\tAcme,\t\ta@x.io\n';
    const isHeader = (cells: readonly string[]) => ['name', 'company', 'email'].every((name) => cells.includes(name));
    expect(detect(text)).toMatchObject({ delimiter: '\t' });
    expect(detectFormat(Buffer.from(text), isHeader)).toMatchObject({ delimiter: ',' });
    expect(detectFormat(Buffer.from('name;company;email\nA;B;c\n'), isHeader)).toMatchObject({ delimiter: ';' });
    expect(detectFormat(Buffer.from('a;b\nname,company,email\n'), isHeader)).toMatchObject({ delimiter: ',' });
    const late = `${'a;b\n'.repeat(30)}name,company,email\n`;
    expect(detectFormat(Buffer.from(late), isHeader)).toMatchObject({ delimiter: ';' });
  });

  it('is not taken from a cell that has another one in it', () => {
    const foldsAll = (cells: readonly string[]) => cells.map((cell) => cell.replace(/\W/g, '')).includes('email');
    expect(detectFormat(Buffer.from('a,\t\temail,\n1,\t\t2,\n'), foldsAll)).toMatchObject({ delimiter: ',' });
  });

  it('is not lost over rows with a trailing one', () => {
    expect(detect('name;email\n'.concat('Ann;a@x.io;\n'.repeat(30)))).toMatchObject({ delimiter: ';' });
  });

  it('is found below a title', () => {
    expect(detect('Staff list\n\nname;email\nAnn;a@x.io\nBob;b@x.io\n')).toMatchObject({ delimiter: ';' });
  });

  it('is a comma where there is none, and in an empty file', () => {
    expect(detect('name\nAnn\nBob\n')).toMatchObject({ delimiter: ',' });
    expect(detect('')).toMatchObject({ ok: true, delimiter: ',', encoding: 'utf-8', dataOffset: 0 });
  });

  it('is the first of comma, semicolon, tab and bar when nothing decides', () => {
    expect(detect('a|b;c\nd|e;f\n')).toMatchObject({ delimiter: ';' });
    expect(detect('a|b;c,d\n')).toMatchObject({ delimiter: ',' });
  });

  it('is found in a file of a few rows, of which one is broken or has more of another separator', () => {
    expect(detect('name;company;phone;email\n"Ann;Acme;0301234567;a@x.io\n')).toMatchObject({ delimiter: ';' });
    expect(detect('name|company|phone|email\nA "x" y|"B|C" D|1|x@y.io\n')).toMatchObject({ delimiter: '|' });
    const addresses = 'Name;Company;Phone;Email;Addr (street, no, zip, city, country)\nA;B;030;a@x.io;\n';
    expect(detect(addresses)).toMatchObject({ delimiter: ';' });
  });

  it('is detected from whole records only, where the file is longer than its beginning', () => {
    const rows = `a;b\n1;2\n`;
    const beginning = `${rows}${'x'.repeat(HEAD_BYTES - rows.length - 4)},,,,`;
    expect(detect(beginning)).toMatchObject({ delimiter: ';' });
  });
});

describe('the beginning of the data', () => {
  it.each([
    ['nothing special', 'a,b\n', { bom: false, sepLine: false, dataOffset: 0, firstLine: 1 }],
    ['a byte order mark', '\ufeffa,b\n', { bom: true, sepLine: false, dataOffset: 3, firstLine: 1 }],
    ['a sep= line', 'sep=;\na,b;c\n', { delimiter: ';', sepLine: true, dataOffset: 6, firstLine: 2 }],
    ['a quoted sep= line', '"SEP=|"\r\na,b\n', { delimiter: '|', sepLine: true, dataOffset: 9, firstLine: 2 }],
    ['a sep= line for the tab', '\ufeffsep=\t\ra\n', { delimiter: '\t', sepLine: true, dataOffset: 9, firstLine: 2 }],
    ['a sep= line for another separator', 'sep=:\na;b\n', { delimiter: ';', sepLine: true, dataOffset: 6 }],
    ['a header that only looks like one', 'sep=;x\na;b\n', { sepLine: false, dataOffset: 0 }],
  ])('comes after %s', (_, text, expected) => {
    expect(detect(text)).toMatchObject(expected);
  });

  it('is counted in bytes in UTF-16', () => {
    const bytes = Buffer.from('\ufeffsep=;\r\na;b\r\n', 'utf16le');
    expect(detectFormat(bytes)).toMatchObject({ encoding: 'utf-16le', delimiter: ';', dataOffset: 16, firstLine: 2 });
    expect(detectFormat(bytes.swap16())).toMatchObject({ encoding: 'utf-16be', delimiter: ';', dataOffset: 16 });
  });
});

describe('UTF-16 without a byte order mark', () => {
  const rosters = [
    ['Latin', 'name,company\r\nAnn Lee,Acme\r\n'],
    ['Cyrillic', 'Имя;Компания;Телефон\r\nАнна Дубова;ООО «Дуб»;+7 900 123-45-01\r\n'],
    ['Greek', 'Όνομα\tΕταιρεία\nΕλένη Παππά\tΔρυς ΑΕ\n'],
    ['Chinese', '姓名,公司,手机,电子邮件\n王小明,北京一一科技有限公司,13800138000,wang@a.example\n'],
    ['Japanese', '氏名,会社,電話,メール\r佐藤花子,株式会社一番,03-1234-5678,sato@a.example\r'],
    ['Korean', '이름,회사,전화,이메일\n김민수,한국전자 주식회사,010-1234-5678,kim@a.example\n'],
    ['tiny', 'a,b\n'],
  ];

  it.each(rosters)('is recognised by its ASCII, in either byte order: %s', (_, text) => {
    for (const times of [1, 2000]) {
      const bytes = Buffer.from(text.repeat(times), 'utf16le');
      expect(detectFormat(bytes)).toMatchObject({ encoding: 'utf-16le', bom: false, dataOffset: 0 });
      expect(detectFormat(Buffer.from(bytes).swap16())).toMatchObject({ encoding: 'utf-16be', bom: false });
    }
  });

  it.each(rosters)('is not seen in other encodings, nor in NULs here and there: %s', (_, text) => {
    for (const bytes of [text, text.replace(',', ',\0'), text.replaceAll('\n', '\0\n')])
      expect(detectFormat(Buffer.from(bytes))).toMatchObject({ encoding: 'utf-8' });
  });
});

describe('a file that is no CSV', () => {
  it.each([
    ['xlsx', 'PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml'],
    ['ods', 'PK\x03\x04\x14\0\0\x08mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK'],
    ['zip', 'PK\x03\x04\x14\0\0\0\x08\0staff.csv'],
    ['xls', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'],
    ['pdf', '%PDF-1.7\n'],
    ['pdf', '\n%PDF-1.7\n'],
    ['png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
    ['gif', 'GIF89a\x01\0'],
    ['webp', 'RIFF\x24\0\0\0WEBPVP8 '],
    ['gzip', '\x1f\x8b\x08\0'],
    ['bzip2', 'BZh91AY&SY\0'],
    ['xz', '\xfd7zXZ\0\0\x04'],
    ['zstd', '\x28\xb5\x2f\xfd\x04\0'],
    ['tar', `${'staff.csv'.padEnd(257, '\0')}ustar\0`],
    ['html', '<!DOCTYPE html><table>'],
    ['html', '\n<!-- report --><html>'],
    ['html', '<meta http-equiv=Content-Type content="text/html"><table>'],
    ['html', '\xff\xfe<\0h\0t\0m\0l\0>\0'],
    ['xml', '<?xml version="1.0"?>'],
    ['xml', '\xfe\xff\0<\0?\0x\0m\0l\0 '],
    ['xml', '<svg width="1">'],
    ['json', '[{"name":"Ann","email":"ann@x.io"}]\n'],
    ['json', '\xef\xbb\xbf\n{\n  "employees": []\n}'],
    ['json', '[["name","email"]]'],
    ['json', '[]'],
    ['utf-32', '\xff\xfe\0\0a\0\0\0'],
    ['binary', '\0\0\0a\0\0\0,\0\0\0b\0\0\0\n\0\0\0c'],
    ['binary', '\x01\0\x02\0,\0\x03\0\n\0\x01\0\x02\0,\0\x03\0\n\0'],
    ['binary', '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0'],
  ])('is %s', (kind, head) => {
    expect(detectFormat(Buffer.from(head, 'latin1'))).toEqual({ ok: false, kind });
  });

  it('is not one whose header is in angle brackets, or begins with the letters of a mark', () => {
    expect(detect('<name>,<company>,<mobile>,<email>\n')).toMatchObject({ ok: true });
    expect(detect('BZh,RIFF,tar\n1,2,3\n')).toMatchObject({ ok: true });
  });

  it('is not one whose header is in the brackets of SQL Server, or begins with a brace', () => {
    expect(detect('[Name],[Company]\nAnn,Acme\n')).toMatchObject({ ok: true });
    expect(detect('{id},name\n1,Ann\n')).toMatchObject({ ok: true });
  });

  it('is not one with a NUL or two in a cell, nor one with Windows-1252 letters', () => {
    expect(detect('a,b\nx\0\0y,2\n')).toMatchObject({ ok: true });
    expect(detectFormat(Buffer.from('n,c\nZo\xeb,\x80\n', 'latin1'))).toMatchObject({ ok: true, encoding: 'utf-8' });
  });
});
