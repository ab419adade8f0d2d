import { expect, test } from 'vitest';
import { copiedUploadId, fileNameOfKey, keyOfUpload, newUploadId, uploadIdOf } from './upload-id.ts';

/** RFC 9562, 5.7: version 7, variant 10. */
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const OBJECT = { bucket: 'b', key: 'uploads/staff.csv', version: 'etag-1', time: new Date('2026-11-22T10:00:00.000Z') };

/** The milliseconds that a UUIDv7 begins with. */
function timeOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

test('ids are UUIDv7: they sort in the order in which they were made', () => {
  const before = Date.now();
  const ids = Array.from({ length: 5000 }, () => newUploadId('staff.csv'));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(UUID_V7);
  expect(timeOf(ids[0] ?? '')).toBeGreaterThanOrEqual(before);
});

test('the id that the API put into a key is the id of the object', () => {
  for (const name of ['staff.csv', 'Größe (1).csv', '', `${'x'.repeat(200)}.csv`]) {
    const id = newUploadId(name);
    expect(id).toMatch(UUID_V7);
    expect(uploadIdOf({ ...OBJECT, key: keyOfUpload(id, name) })).toBe(id);
  }
});

test('each of several objects below one folder with an id is an upload of its own', () => {
  const id = newUploadId('staff.csv');
  const beside = ['more.csv', 'Staff.csv', 'staff.csv.bak', 'staff.CSV', ''].map((name) => `uploads/${id}/${name}`);
  const keys = [keyOfUpload(id, 'staff.csv'), ...beside, `uploads/${id.toUpperCase()}/staff.csv`];
  const ids = keys.map((key) => uploadIdOf({ ...OBJECT, key }));
  expect(new Set(ids).size).toBe(keys.length);
  expect(ids[0]).toBe(id);
});

test('an id that somebody made up, such as the largest there is, does not count', () => {
  const largest = 'ffffffff-ffff-7fff-bfff-ffffffffffff';
  expect(uploadIdOf({ ...OBJECT, key: `uploads/${largest}/staff.csv` })).not.toBe(largest);
});

test('of an object that others put there the same event gives the same id, a UUIDv7 of its time', () => {
  const id = uploadIdOf(OBJECT);
  expect(id).toMatch(UUID_V7);
  expect(uploadIdOf({ ...OBJECT })).toBe(id);
  expect(timeOf(id)).toBe(OBJECT.time.getTime());
});

test('another bucket, key, version or time is another upload', () => {
  const others = [
    { ...OBJECT, bucket: 'c' },
    { ...OBJECT, key: 'uploads/other.csv' },
    { ...OBJECT, version: 'etag-2' },
    { ...OBJECT, time: new Date('2026-11-22T10:00:00.001Z') },
    { ...OBJECT, bucket: 'b"uploads', key: 'uploads/staff.csv' },
  ];
  expect(new Set([OBJECT, ...others].map(uploadIdOf)).size).toBe(1 + others.length);
});

test('ids of objects sort by the time at which they came, with those of the API', () => {
  const early = uploadIdOf({ ...OBJECT, time: new Date('2020-01-01T00:00:00Z') });
  const late = uploadIdOf({ ...OBJECT, time: new Date('2100-01-01T00:00:00Z') });
  expect([late, newUploadId(), early].toSorted()).toEqual([early, expect.any(String), late]);
});

test('a copy of an object has the id of its key, the same each time, near the time at which the object came', () => {
  const source = { ...OBJECT, key: 'incoming/Größe (1).csv' };
  const id = copiedUploadId(source, 'settings');

  expect(id).toMatch(UUID_V7);
  expect(copiedUploadId({ ...source }, 'settings')).toBe(id);
  expect(uploadIdOf({ ...OBJECT, key: keyOfUpload(id, 'Größe (1).csv') })).toBe(id);
  expect(Math.abs(timeOf(id) - source.time.getTime())).toBeLessThan(1000);
  const others = [
    copiedUploadId(source, null),
    copiedUploadId(source, 'other'),
    copiedUploadId({ ...source, version: 'etag-2' }, 'settings'),
    copiedUploadId({ ...source, key: 'incoming/more/Größe (1).csv' }, 'settings'),
    copiedUploadId({ ...source, bucket: 'c' }, 'settings'),
  ];
  expect(new Set([id, ...others]).size).toBe(1 + others.length);
});

test.for([
  ['a key with folders below the id', (id: string) => `uploads/${id}/more/staff.csv`],
  ['a key with the id as a file name', (id: string) => `uploads/${id}`],
  ['a key with a UUID of another version', () => 'uploads/f47ac10b-58cc-4372-a567-0e02b2c3d479/staff.csv'],
  ['a key with something like an id', (id: string) => `uploads/${id}0/staff.csv`],
] as const)('%s does not say which upload it is', ([, key]) => {
  const id = newUploadId('staff.csv');
  expect(uploadIdOf({ ...OBJECT, key: key(id) })).not.toBe(id);
  expect(uploadIdOf({ ...OBJECT, key: key(id) })).toMatch(UUID_V7);
  expect(timeOf(uploadIdOf({ ...OBJECT, key: key(id) }))).toBe(OBJECT.time.getTime());
});

test.for([
  ['staff.csv', 'staff.csv'],
  ['staff list (1).csv', 'staff_list_1_.csv'],
  ['Größe.csv', 'Gro_e.csv'],
  ['名簿.csv', 'csv'],
  ['../../etc/passwd', 'etc_passwd'],
  ['.htaccess', 'htaccess'],
  ['a;rm -rf $HOME`.csv', 'a_rm_-rf_HOME_.csv'],
  ['', 'upload.csv'],
  ['...', 'upload.csv'],
  ['/', 'upload.csv'],
] as const)('the file name %j is %j in a key', ([fileName, safe]) => {
  const id = newUploadId(fileName);
  const key = keyOfUpload(id, fileName);
  expect(key.slice(`uploads/${id}/`.length)).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
  expect({ fileName, safe: key.slice(`uploads/${id}/`.length) }).toEqual({ fileName, safe });
  expect(fileNameOfKey(key)).toBe(safe);
});

test('a very long file name keeps its end, which says what it is', () => {
  const key = keyOfUpload(newUploadId(), `${'x'.repeat(5000)}.csv`);
  expect(fileNameOfKey(key)).toMatch(/^x{96}\.csv$/);
});
