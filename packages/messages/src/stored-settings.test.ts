import { expect, test } from 'vitest';
import {
  decodeProfile,
  decodeSettings,
  encodeProfile,
  encodeSettings,
  isProfileName,
  keyOfProfile,
  keyOfSettings,
  profileNamedBy,
  profileNameOfKey,
  reachesOwnObjects,
  settingsOfProfile,
} from './stored-settings.ts';
import { keyOfUpload, newUploadId } from './upload-id.ts';

test('settings come back as they were stored, under the name of what they say', () => {
  const settings = {
    columns: { email: 3 },
    delimiter: ';' as const,
    expectedHeader: { profile: 'payroll', cells: ['a', ''] },
  };

  const { id, body } = encodeSettings(settings);

  expect(decodeSettings(body)).toEqual(settings);
  expect(encodeSettings(decodeSettings(body)).id).toBe(id);
  expect(encodeSettings({ ...settings, delimiter: ',' }).id).not.toBe(id);
  expect(keyOfSettings(id)).toBe(`import-settings/${id}.json`);
});

test.for(['', '{', '{}', '{"v":2,"settings":{}}', '{"v":1,"settings":{"columns":{"age":1}}}', 'null'])(
  'what is no settings of this version is an error that says so: %s',
  (body) => {
    expect(() => decodeSettings(body)).toThrow(/^it is not/);
    expect(() => decodeProfile(body)).toThrow(/^it is not/);
  },
);

test.for(['', 'x', '../uploads/a', 'A'.repeat(64)])('metadata that name no settings are an error: %j', (id) => {
  expect(() => keyOfSettings(id)).toThrow('no SHA-256');
});

test('a profile comes back as it was stored, and a file is read by it and its header', () => {
  const profile = { settings: { delimiter: ';' as const }, header: ['a', 'b'], updatedAt: '2026-11-28T12:00:00.000Z' };

  expect(decodeProfile(encodeProfile(profile))).toEqual(profile);
  expect(settingsOfProfile('payroll', profile)).toEqual({
    delimiter: ';',
    expectedHeader: { profile: 'payroll', cells: ['a', 'b'] },
  });
  expect(settingsOfProfile('payroll', { ...profile, header: [] })).toEqual({ delimiter: ';' });
});

test.for<[string, boolean]>([
  ['payroll-2', true],
  ['a', true],
  ['a'.repeat(64), true],
  ['a'.repeat(65), false],
  ['', false],
  ['Payroll', false],
  ['a/b', false],
  ['a.b', false],
  ['ä', false],
  ['a\n', false],
])('%j is a name of a profile: %s', ([name, is]) => {
  expect(isProfileName(name)).toBe(is);
  expect(profileNameOfKey(keyOfProfile(name))).toBe(is ? name : undefined);
});

const id = newUploadId('staff.csv');

test.for<[string, string | undefined]>([
  ['uploads/payroll/staff.csv', 'payroll'],
  ['uploads/payroll/2026/staff.csv', 'payroll'],
  ['uploads/staff.csv', undefined],
  ['uploads/Payroll/staff.csv', undefined],
  ['uploads//staff.csv', undefined],
  [keyOfUpload(id, 'staff.csv'), undefined],
  // Somebody put it beside the API's own.
  [`uploads/${id}/other.csv`, id],
])('the object %s may be read by the profile %s', ([key, name]) => {
  expect(profileNamedBy(key)).toBe(name);
});

test.for([
  ['incoming/', false],
  ['upload/', false],
  ['uploads-of-2025/', false],
  ['', true],
  ['up', true],
  ['uploads/', true],
  ['uploads/payroll/', true],
  ['import-', true],
  ['import-settings/', true],
  ['import-profiles/x', true],
] as const)('a prefix that reaches what Rowferry itself keeps is known: %j %s', ([prefix, reaches]) => {
  expect(reachesOwnObjects(prefix)).toBe(reaches);
});
