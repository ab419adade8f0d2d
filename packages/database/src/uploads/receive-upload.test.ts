import type { SourceObject } from '@rowferry/messages';
import { anUpload, setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { facts, STORED } from '../../test/uploads.ts';
import type { Database } from '../connection/connect.ts';
import { findUpload } from './find-upload.ts';
import { startUpload } from './reading-progress.ts';
import { discardUpload, openUpload, receiveUpload } from './receive-upload.ts';

async function statusOf(database: Database, id: string) {
  const upload = await findUpload(database, id);
  return upload?.status;
}

/** An upload that the API knows without having seen its bytes, as when its parts went straight to S3. */
async function receivedUnseen(database: Database): Promise<SourceObject> {
  const upload = anUpload();
  await openUpload(database, upload);
  await receiveUpload(database, upload.id, { ...STORED, sha256: null });
  return upload;
}

async function duplicateOf(database: Database, { id }: SourceObject): Promise<string | null | undefined> {
  return (await findUpload(database, id))?.duplicate_of;
}

test('an upload of which nothing was stored is deleted; one that was received or read is not', async () => {
  const { database } = await setupDatabase();
  const [broken, received, read] = [anUpload(), anUpload(), anUpload()];
  for (const upload of [broken, received, read]) await openUpload(database, upload);
  await receiveUpload(database, received.id, STORED);
  await startUpload(database, read, facts(1));

  for (const { id } of [broken, received, read]) await discardUpload(database, id);

  expect(await findUpload(database, broken.id)).toBeUndefined();
  expect(await statusOf(database, received.id)).toBe('received');
  expect(await statusOf(database, read.id)).toBe('processing');
});

test('where the API has not seen the bytes of a file, reading it finds the earlier upload with the same bytes', async () => {
  const { database } = await setupDatabase();
  const { sha256 } = STORED;
  const [first, second, other] = [
    await receivedUnseen(database),
    await receivedUnseen(database),
    await receivedUnseen(database),
  ];
  const put = anUpload({ key: 'uploads/put.csv', receivedAt: '2100-01-01T00:00:00.000Z' });
  // Its id is the newest, and yet it was there before all others.
  const old = anUpload({ key: 'uploads/old.csv', receivedAt: '2026-11-01T00:00:00.000Z' });

  await startUpload(database, first, { ...facts(1), sha256 });
  await startUpload(database, second, { ...facts(1), sha256 });
  await startUpload(database, other, { ...facts(1), sha256: 'cd'.repeat(32) });
  await startUpload(database, put, { ...facts(1), sha256 });
  await startUpload(database, old, { ...facts(1), sha256 });

  expect(await duplicateOf(database, first)).toBe(null);
  expect(await duplicateOf(database, second)).toBe(first.id);
  expect(await duplicateOf(database, other)).toBe(null);
  expect(await duplicateOf(database, put)).toBe(second.id);
  expect(await duplicateOf(database, old)).toBe(null);
});

test('a duplicate that reading found stays when the API learns only then that the file is in S3', async () => {
  const { database } = await setupDatabase();
  const { sha256 } = STORED;
  const first = await receivedUnseen(database);
  await startUpload(database, first, { ...facts(1), sha256 });
  const second = anUpload();
  await openUpload(database, second);
  await startUpload(database, second, { ...facts(1), sha256 });

  expect((await receiveUpload(database, second.id, { ...STORED, sha256: null }))?.duplicate_of).toBe(first.id);

  expect(await duplicateOf(database, second)).toBe(first.id);
});
