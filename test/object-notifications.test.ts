import { join } from 'node:path';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { connect } from '@rowferry/database';
import { type EmulatorCredentials, startEmulator } from '@rowferry/embedded';
import { expect, onTestFinished, test } from 'vitest';
import { newDataDir, npmStart, type Rowferry } from './support/npm-start.ts';
import { ROWFERRY } from './support/plain-process.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const BUCKET = 'rowferry-uploads';

type Store = { endpoint: string; credentials: EmulatorCredentials };
type Read = { etag: string; fileName: string; code: string | null; rows: number | null };

function storeOf({ endpoint, credentials }: Store) {
  const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  onTestFinished(() => s3.destroy());
  return {
    s3,
    /** @returns its ETag. */
    async put(Key: string, Body: string): Promise<string> {
      const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
      return ETag.replaceAll('"', '');
    },
    remove: (Key: string) => s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key })),
  };
}

function csvOf(...names: string[]): string {
  const rows = names.map((name) => `${name},Acme,0123456789,${name.toLowerCase()}@example.com\n`);
  return `employee name,company name,mobile no,email\n${rows.join('')}`;
}

/** The uploads that were read or have failed. */
function readUploads({ databaseUrl }: Rowferry): () => Promise<Read[]> {
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  return async () => {
    const { rows } = await database.raw<{ rows: Read[] }>(`
      select etag, file_name as "fileName", failure ->> 'code' as code, total_rows::int as rows
      from uploads where failure is not null or total_rows is not null order by etag`);
    return rows;
  };
}

const start = (dataDir: string) => npmStart({ DATA_DIR: dataDir, PORT: '0' }, [ROWFERRY, 'start']);

test(
  'five quick puts to one key are five uploads; an object that is put and removed at once is one that has failed',
  async () => {
    const rowferry = await start(await newDataDir());
    const { put, remove } = storeOf(rowferry);

    const etags: string[] = [];
    for (const names of [['A'], ['A', 'B'], ['A', 'B', 'C'], ['A', 'B', 'C', 'D'], ['A', 'B', 'C', 'D', 'E']])
      etags.push(await put('uploads/from HR/März.csv', csvOf(...names)));
    const removed = await put('uploads/removed.csv', csvOf('F'));
    await remove('uploads/removed.csv');

    const uploads = readUploads(rowferry);
    const found = async () => (await uploads()).map(({ etag }) => etag);
    await expect.poll(found, { timeout: MINUTE }).toEqual([...etags, removed].toSorted());
    for (const { etag, fileName, code, rows } of await uploads()) {
      expect(fileName).toBe(etag === removed ? 'removed.csv' : 'März.csv');
      // Each was read before it was replaced or removed, or is known to be gone; the last one was there to be read.
      if (etag === etags[4]) expect(code).toBe(null);
      if (code === null) expect(rows).toBe(etag === removed ? 1 : etags.indexOf(etag) + 1);
      else expect(code).toBe('object_gone');
    }
  },
  4 * MINUTE,
);

test(
  'what was in the bucket before notifications were, or came right before a kill -9, is read by the next start',
  async () => {
    const dataDir = await newDataDir();
    const emulator = await startEmulator({ dataDir: join(dataDir, 's3-sqs'), port: 0 });
    const before = storeOf(emulator);
    await before.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const early = await before.put('uploads/early.csv', csvOf('A'));
    await emulator.stop();

    const first = await start(dataDir);
    const earlyUploads = readUploads(first);
    await expect
      .poll(earlyUploads, { timeout: MINUTE })
      .toEqual([{ etag: early, fileName: 'early.csv', code: null, rows: 1 }]);
    const { put, remove } = storeOf(first);
    const kept = await put('uploads/kept.csv', csvOf('A', 'B'));
    const removed = await put('uploads/removed.csv', csvOf('C'));
    await remove('uploads/removed.csv');
    await first.killAll();

    const uploads = readUploads(await start(dataDir));
    const etags = async () => (await uploads()).map(({ etag }) => etag);
    await expect.poll(etags, { timeout: 2 * MINUTE }).toEqual([early, kept, removed].toSorted());
    expect(await uploads()).toContainEqual({ etag: early, fileName: 'early.csv', code: null, rows: 1 });
    expect(await uploads()).toContainEqual({ etag: kept, fileName: 'kept.csv', code: null, rows: 2 });
  },
  6 * MINUTE,
);
