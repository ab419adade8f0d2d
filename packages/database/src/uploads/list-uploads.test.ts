import { anUpload, setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { STORED } from '../../test/uploads.ts';
import { listUploads } from './list-uploads.ts';
import { openUpload, receiveUpload } from './receive-upload.ts';

test('uploads are listed newest first, page by page, all of them or those of one status', async () => {
  const { database } = await setupDatabase();
  const uploads = Array.from({ length: 5 }, () => anUpload());
  for (const upload of uploads.toReversed()) await openUpload(database, upload);
  for (const { id } of uploads.slice(0, 2)) await receiveUpload(database, id, STORED);
  const newestFirst = uploads.map(({ id }) => id).toReversed();
  const idsOf = (page: Awaited<ReturnType<typeof listUploads>>) => page.uploads.map(({ id }) => id);

  const first = await listUploads(database, { limit: 3, offset: 0 });
  const second = await listUploads(database, { limit: 3, offset: 3 });
  const received = await listUploads(database, { limit: 10, offset: 0, status: 'received' });

  expect([...idsOf(first), ...idsOf(second)]).toEqual(newestFirst);
  expect([first.total, second.total]).toEqual([5, 5]);
  expect(idsOf(received)).toEqual(newestFirst.slice(3));
  expect(received.total).toBe(2);
});
