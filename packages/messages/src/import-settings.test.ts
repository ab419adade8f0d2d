import { COLUMNS } from '@rowferry/roster';
import { expect, test } from 'vitest';
import { importSettingsSchema } from './import-settings.ts';

/** What is wrong with settings: `path message` of each fault. */
function faultsOf(settings: unknown): string[] {
  const { error } = importSettingsSchema.safeParse(settings);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`.trim());
}

test('everything may be stated at once, and nothing must be', () => {
  const all = {
    columns: { employee_name: ['First name', 3], email: 'E-Mail', mobile_no: 16_384 },
    constants: { company_name: 'Acme Ltd' },
    encoding: 'windows-1252',
    delimiter: ';',
    headerLine: 4,
  };

  expect(importSettingsSchema.parse(all)).toEqual(all);
  expect(importSettingsSchema.parse({})).toEqual({});
});

test.for([
  ['comma', ','],
  ['semicolon', ';'],
  ['tab', '\t'],
  ['pipe', '|'],
  ['\t', '\t'],
])('the delimiter %j is %j', ([given, delimiter]) => {
  expect(importSettingsSchema.parse({ delimiter: given })).toEqual({ delimiter });
});

const SOURCE = 'must be a header cell (1 to 200 characters) or a position (1 to 16384), or a list of 1 to 10 of these';

test.for<[unknown, string[]]>([
  [null, ['must be a JSON object']],
  [[], ['must be a JSON object']],
  [{ colums: {} }, ['has no member colums']],
  [{ columns: { Email: 'Mail' } }, ['columns has no member Email']],
  [{ columns: { email: true } }, [`columns.email ${SOURCE}`]],
  [{ columns: { email: '' } }, [`columns.email ${SOURCE}`]],
  [{ columns: { email: ' ' } }, ['columns.email must not be blank']],
  [{ columns: { email: 'x'.repeat(201) } }, [`columns.email ${SOURCE}`]],
  [{ columns: { email: 0 } }, [`columns.email ${SOURCE}`]],
  [{ columns: { email: 16_385 } }, [`columns.email ${SOURCE}`]],
  [{ columns: { email: 1.5 } }, [`columns.email ${SOURCE}`]],
  [{ columns: { employee_name: [] } }, [`columns.employee_name ${SOURCE}`]],
  [{ columns: { employee_name: Array(11).fill('x') } }, [`columns.employee_name ${SOURCE}`]],
  [{ columns: { employee_name: ['First', 0] } }, [`columns.employee_name.1 ${SOURCE}`]],
  [{ constants: { company_name: '\u200b' } }, ['constants.company_name must not be blank']],
  [{ constants: { company_name: 'a\0b' } }, ['constants.company_name must have no control characters']],
  [{ constants: { company_name: 'x'.repeat(201) } }, [expect.stringContaining('at most 200')]],
  [{ constants: { company_name: 'x'.repeat(1001) } }, [expect.stringContaining('1000 characters at most')]],
  [{ constants: { mobile_no: '12' } }, [expect.stringContaining('constants.mobile_no')]],
  [
    { constants: { email: 'jane@acme.com' } },
    ['constants.email tells employees apart, so it cannot be the same in all rows'],
  ],
  [{ delimiter: ':' }, [expect.stringContaining('delimiter must be comma, semicolon, tab or pipe')]],
  [{ headerLine: -1 }, ['headerLine must be a line from 1 to 100000, or 0 for a file without a header']],
  [{ headerLine: 2.5 }, ['headerLine must be a line from 1 to 100000, or 0 for a file without a header']],
  [
    { columns: { company_name: 'Firm' }, constants: { company_name: 'Acme' } },
    ['constants.company_name is stated in columns as well'],
  ],
  [
    { columns: { email: 2, employee_name: [1, 'Last'] }, headerLine: 0 },
    ['columns.employee_name must be a position: headerLine 0 says that there is no header'],
  ],
])('%j is refused, with what is wrong with which of them', ([settings, faults]) => {
  expect(faultsOf(settings)).toEqual(faults);
});

test('of 10,000 columns that nobody knows little is said', () => {
  const columns = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`column ${index}`, 1]));

  const [fault = '', ...others] = faultsOf({ columns: { ...columns, email: 1 } });

  expect(others).toEqual([]);
  expect(fault).toMatch(/^columns has no member column 0, .* and 9990 more$/);
  expect(fault.length).toBeLessThan(1000);
});

test('the order in which settings are stated makes no difference', () => {
  const { columns, constants, delimiter } = { columns: { email: 1 }, constants: { company_name: 'A' }, delimiter: ',' };

  const [one, other] = [
    importSettingsSchema.parse({ columns, constants, delimiter }),
    importSettingsSchema.parse({ delimiter, constants, columns }),
  ];

  expect(JSON.stringify(one)).toBe(JSON.stringify(other));
});

test('each column of ours may be stated', () => {
  for (const column of COLUMNS) expect(faultsOf({ columns: { [column]: 1 } })).toEqual([]);
});
