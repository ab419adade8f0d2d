import { expect, test } from 'vitest';
import { en } from '../texts/en.ts';
import { statedSettings } from './stated-settings.ts';

test('what was stated is said in words', () => {
  const settings = {
    columns: { employee_name: ['First', 'Last'], email: 3 },
    constants: { company_name: 'Acme' },
    encoding: 'windows-1250',
    delimiter: ';',
    headerLine: 0,
  } as const;

  expect(statedSettings({ ...settings, columns: { employee_name: ['First', 'Last'], email: 3 } }, en)).toEqual([
    'Name: First + Last',
    'E-mail address: 3',
    'Company = Acme',
    'Encoding: windows-1250',
    'Between the fields: semicolon',
    'Header: none: columns by their place',
  ]);
  expect(statedSettings({}, en)).toEqual([]);
});
