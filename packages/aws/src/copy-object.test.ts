import { randomBytes } from 'node:crypto';
import { putObject, removeObject, setupBucket, setupClients, watchMultiparts } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { CopyRefusedError, copyFile } from './copy-object.ts';
import { ObjectGoneError, readObject } from './objects.ts';

const MIB = 1024 ** 2;

async function setupCopy(content: string | Buffer = 'a,b\n') {
  const { s3 } = setupClients();
  const bucket = await setupBucket(s3);
  const source = await putObject(s3, { bucket, key: 'incoming/HR + Büro/名簿 100%.csv', content });
  const target = { bucket, key: 'uploads/x/file.csv', metadata: { uploadId: 'x', settingsId: 's' } };
  return { s3, bucket, source, target };
}

test('an object is copied under other metadata, whatever is in its key', async () => {
  const { s3, source, target } = await setupCopy();

  const etag = await copyFile(s3, { source, target });

  const copy = await readObject(s3, target);
  expect(copy).toMatchObject({ etag: `"${etag}"`, uploadId: 'x', settingsId: 's', requestId: undefined });
  expect(copy.bytes.toString()).toBe('a,b\n');
});

test('one that is too large for one request is copied in parts, and one that breaks off leaves none', async () => {
  const content = randomBytes(12 * MIB);
  const { s3, bucket, source, target } = await setupCopy(content);
  const multiparts = watchMultiparts(s3);
  const limits = { maxBytes: 11 * MIB, partBytes: 5 * MIB };

  const etag = await copyFile(s3, { source, target }, limits);

  const copy = await readObject(s3, target);
  expect(etag).toMatch(/-3$/);
  expect(copy.bytes.equals(content)).toBe(true);
  expect(copy.settingsId).toBe('s');
  await putObject(s3, { bucket, key: source.key, content: Buffer.concat([content, content]) });
  await expect(copyFile(s3, { source, target }, limits)).rejects.toThrow(ObjectGoneError);
  expect(multiparts.opened()).toBe(2);
  expect(await multiparts.left(s3)).toEqual([]);
});

test('of an object that is gone or was replaced no copy is made', async () => {
  const { s3, bucket, source, target } = await setupCopy();
  await putObject(s3, { bucket, key: source.key, content: 'other' });
  await expect(copyFile(s3, { source, target })).rejects.toThrow(ObjectGoneError);
  await removeObject(s3, source);
  await expect(copyFile(s3, { source, target })).rejects.toThrow(ObjectGoneError);
  await expect(readObject(s3, target)).rejects.toThrow(ObjectGoneError);
});

test('what S3 refuses otherwise says so in the words of S3', async () => {
  const { s3, source, target } = await setupCopy();
  const copying = copyFile(s3, { source, target: { ...target, bucket: 'no-such-bucket' } });
  await expect(copying).rejects.toThrow(CopyRefusedError);
  await expect(copying).rejects.toThrow(/^NoSuchBucket: /);
});
