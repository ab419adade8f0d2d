import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { splitJson } from './split-json.ts';

const split = (request: string | Buffer) => splitJson(Buffer.from(request), 'Body');

test('texts are taken out with their length and MD5, and numbers stand for them', () => {
  const texts = ['plain', '', '{"a":["b\\\\c"]}', 'Zoë, “quoted”', '𝒥 🚢 \n\t\r/', '\u007f\u2028'];
  const request = { Url: 'x', Entries: texts.map((Body, index) => ({ Id: `m${index}`, Body })), Body: 'last' };
  const { rest, texts: taken = [] } = split(JSON.stringify(request)) ?? {};
  expect(rest).toEqual({ Url: 'x', Entries: texts.map((_, index) => ({ Id: `m${index}`, Body: index })), Body: 6 });
  expect(taken.map(({ json }) => JSON.parse(`"${json}"`))).toEqual([...texts, 'last']);
  for (const [index, { length, md5 }] of taken.slice(0, 6).entries()) {
    const utf8 = Buffer.from(texts[index] ?? '');
    expect([length, md5]).toEqual([utf8.length, createHash('md5').update(utf8).digest('hex')]);
  }
});

test('what stands in other texts, has other names or another shape stays where it is', () => {
  const other = { text: '"Body":1', Bodys: 'a', Body: { Body: 2 } };
  expect(split(JSON.stringify(other))).toEqual({ rest: other, texts: [] });
  expect(split('{"Body" : "a"}')).toEqual({ rest: { Body: 'a' }, texts: [] });
});

test.each([
  ['an escape of four digits', '{"Body":"\\u00e9"}'],
  ['a backspace', '{"Body":"\\b"}'],
  ['an escape that JSON does not know', '{"Body":"\\x"}'],
  ['a control character', '{"Body":"\u0001"}'],
  ['U+FFFE', '{"Body":"a\ufffe"}'],
  ['U+FFFF', '{"Body":"\uffff"}'],
  ['no end', '{"Body":"a'],
  ['an end in an escape', '{"Body":"a\\'],
  ['no JSON', '{"Body":"a"'],
  ['a name whose quote is escaped', '{"\\"Body":"a"}'],
])('%s is left to JSON.parse', (_, request) => {
  expect(split(request)).toBeUndefined();
});

test('bytes that are no UTF-8 are left to JSON.parse, and U+FFFD and U+FFFC are not taken for U+FFFE', () => {
  expect(split(Buffer.from('{"Body":"\xff"}', 'latin1'))).toBeUndefined();
  expect(split('{"Body":"\ufffd\ufffc"}')?.texts[0]?.length).toBe(6);
});
