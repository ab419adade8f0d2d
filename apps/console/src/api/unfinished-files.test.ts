import { expect, test } from 'vitest';
import { forgetUnfinished, rememberUnfinished, unfinishedFiles, unfinishedUploadOf } from './unfinished-files.ts';

function fakeStorage(item: string | null = null): Storage {
  let kept = item;
  return { getItem: () => kept, setItem: (_: string, value: string) => (kept = value) } as unknown as Storage;
}

const FILE = { name: 'staff.csv', size: 9, lastModified: 1_700_000_000_000 };
const HOUR = 60 * 60 * 1000;

test('a file that is chosen again is known by its name, size and time of change', () => {
  const storage = fakeStorage();
  rememberUnfinished(FILE, 'a', storage);
  rememberUnfinished({ ...FILE, name: 'other.csv' }, 'b', storage);

  expect(unfinishedUploadOf(FILE, storage)?.uploadId).toBe('a');
  for (const change of [{ name: 'x' }, { size: 10 }, { lastModified: 1 }])
    expect(unfinishedUploadOf({ ...FILE, ...change }, storage)).toBeUndefined();
  forgetUnfinished('a', storage);
  expect(unfinishedFiles(storage).map(({ uploadId }) => uploadId)).toEqual(['b']);
});

test('after a day it is forgotten, as the API does', () => {
  const storage = fakeStorage();
  rememberUnfinished(FILE, 'a', storage);

  expect(unfinishedFiles(storage, Date.now() + 23 * HOUR)).toHaveLength(1);
  expect(unfinishedFiles(storage, Date.now() + 25 * HOUR)).toEqual([]);
});

test.for(['nonsense', '{}', 'null', '[1, null, {"uploadId": "a"}]'])(
  'what somebody else wrote is nothing: %s',
  (item) => {
    expect(unfinishedFiles(fakeStorage(item))).toEqual([]);
  },
);
