import { expect, test } from 'vitest';
import { sourceObjectsOf } from './s3-event.ts';

function created(key: string, eventName = 'ObjectCreated:Put') {
  const object = { key, size: 7, eTag: 'd41d8cd98f00b204e9800998ecf8427e' };
  return { eventTime: '2026-11-25T10:00:00.000Z', eventName, s3: { bucket: { name: 'b' }, object } };
}

const keysOf = (...Records: unknown[]) => sourceObjectsOf({ Records }).map(({ key }) => key);

test('objects that were created are uploads, whoever tells of them, by the names that they have', () => {
  expect(
    keysOf(created('uploads/a.csv'), created('uploads/b.csv', 's3:ObjectCreated:CompleteMultipartUpload')),
  ).toEqual(['uploads/a.csv', 'uploads/b.csv']);
  expect(keysOf(created('uploads/gro%C3%9Fe+Liste+%2B1.csv'))).toEqual(['uploads/große Liste +1.csv']);
});

test('what else S3 tells of is left out: removals, which have neither size nor ETag, folders, other keys, its test', () => {
  const removed = {
    ...created('uploads/a.csv', 'ObjectRemoved:Delete'),
    s3: { bucket: { name: 'b' }, object: { key: 'uploads/a.csv' } },
  };
  expect(keysOf(removed, created('uploads/folder/'), created('other/a.csv'))).toEqual([]);
  expect(sourceObjectsOf({ Service: 'Amazon S3', Event: 's3:TestEvent' })).toEqual([]);
});

test.for([{}, { Records: [{}] }, { Records: [{ ...created('uploads/a.csv'), s3: {} }] }, 'text'])(
  '%j is no event',
  (event) => {
    expect(() => sourceObjectsOf(event)).toThrow();
  },
);

test('a file name out of a key is one that can be shown: without control characters and marks of writing direction', () => {
  const [upload] = sourceObjectsOf({ Records: [created('uploads/staff%0D%0A%E2%80%AEvsc.exe')] });
  expect(upload).toMatchObject({ key: 'uploads/staff\r\n\u202evsc.exe', fileName: 'staff___vsc.exe' });
});
