import { COLUMNS } from '@rowferry/roster';
import { expect, test } from 'vitest';
import { ApiProblem } from '../problems/api-problem.ts';
import { type Given, requestedSettings } from './requested-settings.ts';

/** What is wrong: `parameter message` of each error. */
function faultsOf(query: Given, fields: Given = {}): string[] {
  try {
    requestedSettings(query, fields);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'invalid_settings') throw error;
    return error.errors.map(({ parameter, message }) => `${parameter} ${message}`);
  }
  return [];
}

test('settings as they are typed are those that JSON says', () => {
  const typed = {
    'columns.employee_name': ['First name', 'Last name'],
    'columns.email': '3',
    'constants.company_name': 'Acme',
    delimiter: 'tab',
    headerLine: '2',
  };
  const settings = {
    columns: { employee_name: ['First name', 'Last name'], email: 3 },
    constants: { company_name: 'Acme' },
    delimiter: '\t',
    headerLine: 2,
  };

  expect(requestedSettings(typed, {})).toEqual(settings);
  expect(requestedSettings({}, typed)).toEqual(settings);
  expect(requestedSettings({ settings: JSON.stringify(settings) }, {})).toEqual(settings);
  const { headerLine, ...others } = typed;
  expect(requestedSettings({ headerLine }, others)).toEqual(settings);
});

test('a request without settings has none, with whatever else is in its form', () => {
  for (const fields of [{}, { note: 'from HR' }, { encoding: '', 'constants.company_name': '' }, { 'upload[]': [] }])
    expect(requestedSettings({}, fields)).toEqual({});
});

test('a profile is named alone', () => {
  expect(requestedSettings({ profile: 'payroll' }, {})).toEqual({ profile: 'payroll' });
  expect(requestedSettings({}, { profile: 'payroll', note: 'x' })).toEqual({ profile: 'payroll' });
  expect(faultsOf({ profile: 'payroll', delimiter: 'tab' })).toEqual(['profile goes with no other settings']);
  expect(faultsOf({ profile: 'payroll' }, { settings: '{}' })).toEqual([
    'profile goes with no other settings',
    'settings goes with no other settings',
  ]);
});

test.for<[string, Given, Given, string[]]>([
  ['one that is given twice', { delimiter: ['tab', 'comma'] }, {}, ['delimiter is given more than once']],
  [
    'one that is given in both places',
    { encoding: 'utf-8' },
    { encoding: 'utf-8' },
    ['encoding is given more than once'],
  ],
  [
    'a list in both places',
    { 'columns.email': 'A' },
    { 'columns.email': 'B' },
    ['columns.email is given in the query and in the form'],
  ],
  ['an empty one in the query', { delimiter: '' }, {}, [expect.stringContaining('delimiter must be')]],
  ['a misspelled one', {}, { delimeter: ';' }, ['delimeter is no setting']],
  ['one in another case', {}, { HeaderLine: '2' }, ['HeaderLine is no setting']],
  ['a column that is none', {}, { 'columns.age': '2' }, ['columns.age is no setting']],
  ['one with brackets', {}, { 'columns[]': [] }, ['columns[] is no setting']],
  ['a line that is no number', { headerLine: '2a' }, {}, [expect.stringContaining('headerLine must be a line')]],
  ['JSON that is none', { settings: '{columns' }, {}, ['settings must be JSON']],
  ['JSON of something else', { settings: '[]' }, {}, ['settings must be a JSON object']],
  [
    'JSON with faults',
    { settings: '{"columns":{"email":0,"age":1}}' },
    {},
    [expect.stringContaining('settings.columns.email must be'), 'settings.columns.age is not known here'],
  ],
])('%s is refused, and named', ([, query, fields, faults]) => {
  expect(faultsOf(query, fields)).toEqual(faults);
});

test('of 10,000 columns and fields that nobody knows, twenty are named', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `columns.${index}`);
  const columns = Object.fromEntries(names.map((name) => [name, 1]));

  expect(faultsOf({}, Object.fromEntries(names.map((name) => [name, '1'])))).toHaveLength(20);
  expect(faultsOf({ settings: JSON.stringify({ columns }) })).toHaveLength(20);
});

test('every column can be stated in the query', () => {
  for (const column of COLUMNS)
    expect(requestedSettings({ [`columns.${column}`]: 'x' }, {})).toEqual({ columns: { [column]: 'x' } });
});
