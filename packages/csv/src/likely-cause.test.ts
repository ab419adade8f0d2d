import { expect, test } from 'vitest';
import type { Quoting } from './dialect.ts';
import { causeOfFieldCount, parseSegment } from './index.ts';

/** What is said of the one record in `line`, in a file of this quoting. */
function causeOf(line: string, quoting: Quoting): string | undefined {
  const options = { delimiter: ',', encoding: 'utf-8', quoting, firstLine: 1 } as const;
  const [record] = [...parseSegment(Buffer.from(line), options)].flat();
  if (record === undefined) throw new Error('there is no record');
  return 'fields' in record ? causeOfFieldCount(record.fields, options) : record.error.message;
}

test.each<[Quoting, string, RegExp]>([
  [
    'double',
    '"Kit","The \\"Oak\\", Ltd","1","kit@a.example"',
    /^this line has backslash-escaped quotes \(\\"\), other/,
  ],
  ['double', '"Kit","Oak \\""', /is not closed .*: this line has backslash-escaped quotes/],
  ['double', '"Ivy,""Oak, Ltd"",2,ivy@a.example"', /^the whole line is in one pair of quotes, other lines are not/],
  ['double', "'Bob','Oak, Ltd','2','bob@a.example'", /^this line has single quotes around values/],
  ['double', '„Bob“,„Oak, Ltd“,„2“,„bob@a.example“', /^this line has typographic quotes around values/],
  ['single', '"Bob","Oak, Ltd","2","bob@a.example"', /^this line has double quotes around values/],
  ['single', "'t Hooft,Oak,1,t@a.example", /is not closed .*: in this file an apostrophe at the beginning/],
  ['typographic', '"Bob","Oak, Ltd","2","bob@a.example"', /^this line has double quotes around values/],
  ['backslash', '"Ann","C:\\","1","ann@a.example"', /^in this file \\" inside quotes is a quote/],
  ['backslash', '"Ann","C:\\"', /is not closed .*: in this file \\" inside quotes is a quote/],
  ['whole-line', '"Ann,""Oak, Ltd,1,ann@a.example"', /^the whole line is in one pair of quotes, and those inside/],
])('a record of a file quoted as %s that is quoted otherwise is named: %s', (quoting, line, cause) => {
  expect(causeOf(line, quoting)).toMatch(cause);
});

test.each(['Ann,Oak,1', "O'Neil,Ann,Oak,1,a@b.example", '"Oak, Ltd",Ann', "'t Hooft,Oak", '“Oak” Ltd,Ann', 'Ann'])(
  'no cause is made up for %s',
  (line) => expect(causeOf(line, 'double')).toBeUndefined(),
);
