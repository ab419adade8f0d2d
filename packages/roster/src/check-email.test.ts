import { readFile } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import type { RowValues } from './columns.ts';
import { checkRow } from './employee.ts';

const GOOD: RowValues = {
  employee_name: 'Jane Doe',
  company_name: 'Acme',
  mobile_no: '0123456789',
  email: 'jane@x.org',
};

/** The address as it is stored, or the codes for which its row is rejected. */
function resultOf(email: string): string {
  const check = checkRow({ ...GOOD, email });
  if (check.ok) return check.employee.email;
  expect(check.errors.map(({ column }) => column)).toEqual(check.errors.map(() => 'email'));
  return check.errors.map(({ code }) => code).join(' ');
}

function messageOf(email: string): string {
  const check = checkRow({ ...GOOD, email });
  return check.ok ? '' : check.errors.map(({ message }) => message).join('; ');
}

test.for([
  'a@b.co',
  'jane.doe+staff@mail.example.museum',
  "o'neill@example.ie",
  'x_1-2@ex-ample.org',
  '123@example.com',
  'r&d@acme.example',
  "a!#$%&'*+/=?^_`{|}~-b@x.org",
  'ivan@xn--e1afmkfd.xn--p1ai',
  'a--b@x--y.org',
  '-jane@x.org',
])('%s is an e-mail address, kept as it is', (email) => {
  expect(resultOf(email)).toBe(email);
});

describe('what stands around an address is taken off', () => {
  it.each([
    'Jane Roe <jane@x.org>',
    '"Roe, Jane" <jane@x.org>',
    'jane@x.org <jane@x.org>',
    '<jane@x.org>',
    'Jane Roe <jane@x.org>;',
    'mailto:jane@x.org',
    'MAILTO:jane@x.org?subject=Hello%20Jane',
    'mailto:jane%40x.org',
    '<mailto:jane@x.org>',
    'SMTP:jane@x.org',
    'E-Mail: jane@x.org',
    'jane@x.org.',
    'jane@x.org,',
    'jane@x.org;',
    'jane@x.org ; ',
    ';jane@x.org',
    "'jane@x.org'",
    '"jane@x.org"',
    '\u201cjane@x.org\u201d',
    "'jane@x.org",
    'jane@x.org (private)',
    'Jane Roe (jane@x.org)',
    '(jane@x.org)',
    '[jane@x.org]',
    '[Jane](mailto:jane@x.org)',
    'jane\uff20x\uff0eorg',
    'ｊａｎｅ＠ｘ．ｏｒｇ',
    'jane@x\u3002org',
    'jane@x.org\u00a0',
    ' \u200eJANE@X.ORG\u200f',
  ])('%s', (email) => {
    expect(resultOf(email)).toBe('jane@x.org');
  });

  it('and signs that word processors write become those of the keyboard', () => {
    expect(resultOf('o\u2019neil@x.org')).toBe("o'neil@x.org");
    expect(resultOf('o\u02bcneil@x.org')).toBe("o'neil@x.org");
    expect(resultOf('jane\u2011roe@x\u2010y.org')).toBe('jane-roe@x-y.org');
  });
});

describe('an international domain is stored as servers take it', () => {
  // The xn-- forms are those of the registries' own converters.
  it.each([
    ['anna@münchen.example', 'anna@xn--mnchen-3ya.example'],
    ['anna@MÜNCHEN.example', 'anna@xn--mnchen-3ya.example'],
    ['anna@mu\u0308nchen.example', 'anna@xn--mnchen-3ya.example'],
    ['anna@faß.example', 'anna@xn--fa-hia.example'],
    ['ivan@пример.рф', 'ivan@xn--e1afmkfd.xn--p1ai'],
    ['a@例え。テスト', 'a@xn--r8jz45g.xn--zckzah'],
    ['Anna <anna@bücher.example>', 'anna@xn--bcher-kva.example'],
  ])('%s', (email, stored) => {
    expect(resultOf(email)).toBe(stored);
    expect(resultOf(stored)).toBe(stored);
  });
});

describe('what is no address is refused for what it is', () => {
  it.each([
    [
      'email_without_at',
      ['jane', 'jane.x.org', 'jane(at)x.org', 'jane at x.org', '07700 900123', 'Jane <jane>', '\u2014x'],
    ],
    ['email_with_several_ats', ['jane@@x.org', '@jane@x.org', 'jane@x@y.org', 'jane@x.org@']],
    [
      'several_emails',
      ['jane@x.org, joe@x.org', 'a@x.org;b@x.org', 'a@x.org b@x.org', 'a@x.org / b@x.org', 'a@x.org/b@x.org'],
    ],
    [
      'several_emails',
      ['Jane <jane@x.org>, Joe <joe@x.org>', 'jane@x.org; jane@x.org', 'a@x.org and b@x.org', 'a@x.org | b@x'],
    ],
    ['several_emails', ['jane@x.org\njoe@x.org', 'jane@x.org\r\njoe@x.org\r\n']],
    ['email_with_space', ['jane doe@x.org', 'jane\u00a0doe@x.org', 'jane @x.org', 'jane@ x.org', 'jane@x. org']],
    ['email_without_name', ['@x.org', 'Jane <@x.org>']],
    ['email_quoted', ['"jane"@x.org', '"a@b"@x.org']],
    [
      'email_characters',
      ['jörg@x.org', 'jörg@müller.example', 'ja,ne@x.org', 'иван@x.org', 'ja:ne@x.org', '<jane@x.org'],
    ],
    ['email_dots', ['.jane@x.org', 'jane.@x.org', 'ja..ne@x.org', 'jane@x..org', 'jane@.x.org']],
    ['email_domain_without_dot', ['jane@x', 'jane@localhost', 'jane@münchen']],
    ['email_ip_address', ['jane@10.0.0.1', 'jane@[10.0.0.1]', 'jane@[IPv6:::1]']],
    ['email_domain', ['jane@', 'jane@-x.org', 'jane@x-.org', 'jane@x.o1', 'jane@x.c', 'jane@x_y.org', 'jane@x/y.org']],
    [
      'email_domain',
      ['jane@ex\u2013ample.org', 'jane@☃.example', 'jane@xn--a.org', 'jane@xn--.org', 'jane@-ü.org', 'jane@ü-.org'],
    ],
    ['email_domain', [`jane@${'x'.repeat(64)}.org`, `jane@${'ü'.repeat(60)}.org`]],
  ] as const)('%s: %j', (code, emails) => {
    for (const email of emails) expect(`${email} ${resultOf(email)}`).toBe(`${email} ${code}`);
  });
});

test.for([
  ['jörg@x.org', 'email has "ö" (U+00F6) before the @'],
  ['jane@ex\u2013ample.org', 'email has "\u2013" (U+2013) after the @'],
  ['jane.@x.org', 'email has a dot at the end of what is before the @'],
  ['ja..ne@x.org', 'email has two dots in a row before the @'],
  ['jane@x..org', 'email has two dots in a row after the @'],
  ['jane(at)x.org', 'email has a word for the @: write the sign itself'],
  ['07700 900123', 'email has a telephone number: the values may be in the wrong columns'],
  ['jane@x.o1', 'email ends in no top-level domain such as com or org: these have two letters or more and no digits'],
  ['jane@xn--a.org', 'email has a domain that stands for no name'],
])('of %s it is told: %s', ([email = '', message]) => {
  expect(messageOf(email)).toBe(message);
});

test('an e-mail address has 254 characters at most', () => {
  const ofLength = (length: number) => `${'a'.repeat(length - '@example.org'.length)}@example.org`;
  expect(resultOf(ofLength(254))).toBe(ofLength(254));
  expect(resultOf(ofLength(255))).toBe('too_long');
});

test('endless texts are refused without delay', () => {
  const started = process.threadCpuUsage().user;
  for (const text of ['a@', '<', '(', 'a.', 'a@x.', ' at ', '( ', 'mailto:', '"', 'a@x;', '.', '@', 'ü', 'a@x.o,'])
    expect(resultOf(text.repeat(60_000))).toMatch(/^too_long \w*emails?\w*$/);
  expect((process.threadCpuUsage().user - started) / 1000).toBeLessThan(2000);
});

test('the forms of addresses in the file of examples have the expected outcomes', async () => {
  const file = await readFile(new URL('../../../test/files/cases/16-emails.csv', import.meta.url), 'utf8');
  const results = file
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.replaceAll('"', '').split(';'))
    .map(([name, , , ...email]) => `${name} ${resultOf(email.join(';'))}`);

  expect(results).toEqual([
    'E01 jane@c16.example.org',
    'E02 jim@c16.example.org',
    'E03 dot@c16.example.org',
    'E04 semi@c16.example.org',
    'E05 several_emails',
    'E06 anna@xn--c16-mnchen-eeb.example.org',
    'E07 email_characters',
    "E08 o'neil@c16.example.org",
    "E09 o'neil@c16.example.org",
    'E10 bare@c16.example.org',
    'E11 quoted@c16.example.org',
    'E12 upper@c16.example.org',
    'E13 tag+hr@c16.example.org',
    'E14 email_with_space',
    'E15 email_without_at',
    'E16 required',
    'E17 email_domain_without_dot',
    'E18 x@c16.example.org',
    'E19 email_dots',
    'E20 email_dots',
    'E21 jane@c16.example.org',
    'E22 email_with_several_ats',
    'E23 jane@c16.example.org',
  ]);
});
