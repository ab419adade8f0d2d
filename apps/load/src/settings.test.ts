import { expect, test } from 'vitest';
import { readGenerateSettings, readLoadSettings, UsageError } from './settings.ts';

test('load takes an API, a number of files and how many at once', () => {
  expect(
    readLoadSettings(['http://127.0.0.1:3000/', '500', '8', '--rows', '10', '--bad', '2.5%', '--key', 'rf_x']),
  ).toEqual({
    url: 'http://127.0.0.1:3000',
    count: 500,
    concurrency: 8,
    file: { rows: 10, bad: 0.025, seed: 1 },
    key: 'rf_x',
  });
  expect(readLoadSettings(['http://127.0.0.1:3000'])).toMatchObject({
    count: 20,
    concurrency: 4,
    file: { rows: 100, bad: 0 },
  });
});

test.for([
  [[]],
  [['ftp://x']],
  [['http://x', '0']],
  [['http://x', '10', 'many']],
  [['http://x', '1', '1', '1']],
  [['http://x', '--rows', '-1']],
  [['http://x', '--bad', '101%']],
  [['http://x', '--what']],
])('load %j is told how it is used', ([args]) => {
  expect(() => readLoadSettings(args ?? [])).toThrow(UsageError);
  expect(() => readLoadSettings(args ?? [])).toThrow(/usage: npm run load/);
});

test('generate wants to know how many rows', () => {
  expect(readGenerateSettings(['--rows', '7', '--bad', '0.5', '--seed', '3'])).toEqual({ rows: 7, bad: 0.5, seed: 3 });
  expect(() => readGenerateSettings([])).toThrow(
    /--rows must be a whole number from 0 to .*\nusage: npm run --silent generate/s,
  );
});
