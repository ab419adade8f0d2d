import { SEGMENT_BYTES } from '@rowferry/csv';
import {
  failUpload,
  finishSegment,
  LeaderElection,
  openUpload,
  RECEIVED_UPLOADS,
  receiveUpload,
  startUpload,
} from '@rowferry/database';
import { keyOfUpload, newUploadId, type SourceObject } from '@rowferry/messages';
import { publishUpload } from '@rowferry/producer-lambda';
import {
  anUpload,
  type Fixtures,
  handlerSettings,
  putObject,
  removeObject,
  services,
  setup,
  setupClients,
  setupProxy,
  setupTransactionPooler,
  someFacts,
  takeAll,
} from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { BucketWatcher, type BucketWatcherSettings } from './bucket-watcher.ts';

const SECOND = 1000;
const JOB = 'watch the bucket';

type Watching = Fixtures & {
  /** Keys of the uploads that were published, in order. */
  published: string[];
  put(key: string, content?: string): ReturnType<typeof putObject>;
  /** Objects turn out to be what they were announced as. */
  watch(given?: WatcherChanges): BucketWatcher;
};

type WatcherChanges = Partial<Omit<BucketWatcherSettings, 'publish'>> & {
  publish?: (object: SourceObject) => Promise<unknown>;
};

async function setupWatcher(): Promise<Watching> {
  const fixtures = await setup();
  const { s3, bucket, database, databaseUrl, log } = fixtures;
  const published: string[] = [];
  return {
    ...fixtures,
    published,
    put: (key, content = 'x') => putObject(s3, { bucket, key, content }),
    watch({ publish = async ({ key }: SourceObject) => void published.push(key), ...given } = {}) {
      const watcher = new BucketWatcher({
        s3,
        bucket,
        database,
        leaderElection: new LeaderElection({ url: databaseUrl, job: JOB }),
        async publish(object) {
          await publish(object);
          return object;
        },
        onRetriesExhausted: async () => {},
        logger: log.logger,
        ...given,
      });
      onTestFinished(() => watcher.stop());
      return watcher;
    },
  };
}

/** Makes the upload known as read to its end. */
async function markAsRead({ database }: Fixtures, upload: SourceObject): Promise<void> {
  await startUpload(database, upload, someFacts());
  await finishSegment(database, { uploadId: upload.id, segment: 0, rows: 0 });
}

test('what the API received is published without a listing of the bucket, by the worker that leads', async () => {
  const { database, databaseUrl, bucket, put, watch, published } = await setupWatcher();
  const listen = () => ({
    leaderElection: new LeaderElection({ url: databaseUrl, job: JOB, channel: RECEIVED_UPLOADS }),
  });
  watch(listen());
  await put('uploads/first.csv');
  await expect.poll(() => published, { timeout: 10 * SECOND }).toEqual(['uploads/first.csv']);
  watch({ ...listen(), publish: async () => void published.push('by another worker') });

  // Nothing is in the bucket, so no listing finds it.
  const id = newUploadId('second.csv');
  const key = keyOfUpload(id, 'second.csv');
  await openUpload(database, { id, bucket, key, fileName: 'second.csv' });
  await receiveUpload(database, id, { sizeBytes: 1, sha256: null, etag: 'e' });
  await database.raw('select pg_notify(?, ?)', [RECEIVED_UPLOADS, newUploadId()]);
  await database.raw('select pg_notify(?, ?)', [RECEIVED_UPLOADS, 'no id']);

  await expect.poll(() => published, { timeout: 10 * SECOND }).toEqual(['uploads/first.csv', key]);
  await put('uploads/third.csv');
  await expect.poll(() => published, { timeout: 10 * SECOND }).toEqual(['uploads/first.csv', key, 'uploads/third.csv']);
});

test('through a connection pooler, where no notification comes, an upload is published with the next listing', async () => {
  const { databaseUrl, put, watch, published } = await setupWatcher();
  const url = await setupTransactionPooler(databaseUrl);
  const workers = ['one', 'another'].map((worker) =>
    watch({
      leaderElection: new LeaderElection({ url, job: JOB, channel: RECEIVED_UPLOADS }),
      publish: async ({ key }) => void published.push(`${key} by ${worker}`),
    }),
  );

  await put('uploads/first.csv');
  await expect.poll(() => published).toHaveLength(1);
  const [leader, follower] = published[0] === 'uploads/first.csv by one' ? [0, 1] : [1, 0];
  await workers[leader]?.stop();
  await put('uploads/second.csv');

  await expect.poll(() => published[1]).toBe(`uploads/second.csv by ${['one', 'another'][follower]}`);
  expect(published).toHaveLength(2);
});

test('every object below uploads/ is published once, those that are there and those that come', async () => {
  const watching = await setupWatcher();
  const { put, watch, published } = watching;
  await put('uploads/early.csv');
  await put('elsewhere/other.csv');

  watch();
  await expect.poll(() => published, { timeout: 10 * SECOND }).toEqual(['uploads/early.csv']);
  await put('uploads/from HR + Büro/名簿.csv');
  await put('uploads/later.csv');

  await expect
    .poll(() => published.toSorted(), { timeout: 10 * SECOND })
    .toEqual(['uploads/early.csv', 'uploads/from HR + Büro/名簿.csv', 'uploads/later.csv']);
});

test('an object that is replaced by another content is published again', async () => {
  const { put, watch, published } = await setupWatcher();
  watch();
  await put('uploads/staff.csv', 'one');
  await expect.poll(() => published, { timeout: 10 * SECOND }).toHaveLength(1);

  await put('uploads/staff.csv', 'two');

  await expect.poll(() => published, { timeout: 10 * SECOND }).toHaveLength(2);
});

test('what was read to its end, or has failed, is not read again after a restart; what was not, is', async () => {
  const watching = await setupWatcher();
  const { put, watch, published, database, bucket } = watching;
  const ids = { read: newUploadId('a.csv'), failed: newUploadId('b.csv'), half: newUploadId('c.csv') };
  const keys = {
    read: keyOfUpload(ids.read, 'a.csv'),
    failed: keyOfUpload(ids.failed, 'b.csv'),
    half: keyOfUpload(ids.half, 'c.csv'),
  };
  for (const key of Object.values(keys)) await put(key);
  const { etag } = await put(keys.read);
  await markAsRead(watching, anUpload({ bucket, id: ids.read, key: keys.read, etag }));
  await failUpload(database, anUpload({ bucket, id: ids.failed, key: keys.failed, etag }), {
    code: 'not_csv',
    detail: 'a picture',
  });

  watch();

  await put('uploads/last.csv');
  await expect.poll(() => published, { timeout: 10 * SECOND }).toContain('uploads/last.csv');
  expect(published.toSorted()).toEqual([keys.half, 'uploads/last.csv'].toSorted());
});

test('of several watchers one watches; when it stops another one does', async () => {
  const { put, watch } = await setupWatcher();
  const first: string[] = [];
  const second: string[] = [];
  const leader = watch({ publish: async ({ key }) => void first.push(key) });
  await put('uploads/1.csv');
  await expect.poll(() => first, { timeout: 10 * SECOND }).toEqual(['uploads/1.csv']);
  watch({ publish: async ({ key }) => void second.push(key) });
  await put('uploads/2.csv');
  await expect.poll(() => first, { timeout: 10 * SECOND }).toEqual(['uploads/1.csv', 'uploads/2.csv']);
  expect(second).toEqual([]);

  await leader.stop();
  await put('uploads/3.csv');

  await expect.poll(() => second, { timeout: 10 * SECOND }).toContain('uploads/3.csv');
  expect(first).not.toContain('uploads/3.csv');
});

test('an upload whose reading fails is retried, and does not hold up the others', async () => {
  const { put, watch, published, log } = await setupWatcher();
  let failures = 0;
  watch({
    publish: async ({ key }) => {
      if (key === 'uploads/a.csv' && failures++ < 1) throw new Error('SQS is unavailable');
      published.push(key);
    },
  });

  await put('uploads/a.csv');
  await put('uploads/b.csv');

  await expect.poll(() => published, { timeout: 15 * SECOND }).toEqual(['uploads/b.csv', 'uploads/a.csv']);
  expect(log.entries.filter(({ msg }) => msg === 'upload not read; retrying')).toHaveLength(1);
});

const LARGE = 'x'.repeat(SEGMENT_BYTES + 1);

test('small objects do not wait for a large one before them; large ones are read one at a time', async () => {
  const { put, watch, published } = await setupWatcher();
  const release = Promise.withResolvers<void>();
  const reading = { now: 0, most: 0 };
  const large = ['uploads/a.csv', 'uploads/b.csv', 'uploads/c.csv'];
  for (const key of large) await put(key, LARGE);
  for (const name of ['d', 'e']) await put(`uploads/${name}.csv`);

  watch({
    publish: async ({ key }) => {
      if (large.includes(key)) {
        reading.most = Math.max(reading.most, ++reading.now);
        await release.promise;
        reading.now--;
      }
      published.push(key);
    },
  });
  await expect.poll(() => published.toSorted()).toEqual(['uploads/d.csv', 'uploads/e.csv']);
  await put('uploads/f.csv');
  await expect.poll(() => published).toContain('uploads/f.csv');
  release.resolve();

  await expect.poll(() => published.slice(3)).toEqual(large);
  expect(reading.most).toBe(1);
});

test('one that is stopped lets what is being read end, and begins nothing more', async () => {
  const { put, watch, published } = await setupWatcher();
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  for (const name of ['a', 'b']) await put(`uploads/${name}.csv`, LARGE);
  const watcher = watch({
    publish: async ({ key }) => {
      begun.resolve();
      await release.promise;
      published.push(key);
    },
  });
  await begun.promise;

  const stopped = watcher.stop();
  release.resolve();
  await stopped;

  expect(published).toEqual(['uploads/a.csv']);
});

test('each of several objects below one folder with an id is published', async () => {
  const { put, watch, published } = await setupWatcher();
  const folder = `uploads/${newUploadId('a.csv')}`;
  const keys = ['a.csv', 'b.csv', 'c.csv'].map((name) => `${folder}/${name}`);
  for (const key of keys) await put(key);
  watch();
  await expect.poll(() => published.toSorted(), { timeout: 10 * SECOND }).toEqual(keys);
});

test('an object that is written over that of the API is an upload of its own, read once', async () => {
  const { put, watch, database, bucket } = await setupWatcher();
  const id = newUploadId('staff.csv');
  const key = keyOfUpload(id, 'staff.csv');
  const read: SourceObject[] = [];
  await openUpload(database, { id, bucket, key, fileName: 'staff.csv' });
  await put(key, 'first');
  watch({ publish: async (object) => void read.push(object) });
  await expect.poll(() => read.map((upload) => upload.id)).toEqual([id]);
  await receiveUpload(database, id, { sizeBytes: 5, sha256: null, etag: read[0]?.etag ?? '' });

  await put(key, 'second');
  await put('uploads/last.csv');

  await expect.poll(() => read.map((upload) => upload.key)).toEqual([key, key, 'uploads/last.csv']);
  expect(read[1]).toEqual({
    ...read[0],
    id: expect.not.stringMatching(id),
    etag: expect.any(String),
    sizeBytes: 6,
    receivedAt: expect.any(String),
  });
  await put('uploads/later.csv');
  await expect
    .poll(() => read.map((upload) => upload.key))
    .toEqual([key, key, 'uploads/last.csv', 'uploads/later.csv']);
});

test('what the bucket has no more is forgotten', async () => {
  const { put, watch, published, database, s3, bucket } = await setupWatcher();
  const key = keyOfUpload(newUploadId('a.csv'), 'a.csv');
  await put(key);
  watch();
  await expect.poll(() => published).toEqual([key]);
  await removeObject(s3, { bucket, key });
  // Each is found by a listing that began after the object was gone.
  for (const name of ['one', 'two']) {
    await put(`uploads/${name}.csv`);
    await expect.poll(() => published).toContain(`uploads/${name}.csv`);
  }

  await database.raw('delete from enqueued_uploads');
  await put(key);

  await expect.poll(() => published.filter((each) => each === key)).toEqual([key, key]);
});

test('while S3 or Postgres are unavailable it goes on trying, and finds what came meanwhile', async () => {
  const { put, watch, published, databaseUrl, log } = await setupWatcher();
  const s3Proxy = await setupProxy(services().endpoint);
  const postgres = await setupProxy(databaseUrl);
  const { s3 } = setupClients(s3Proxy.url);
  await s3Proxy.shut();
  await postgres.shut();
  const failures = () => log.entries.filter(({ msg }) => msg === 'bucket listing failed; retrying').length;

  watch({ s3, leaderElection: new LeaderElection({ url: postgres.url, job: JOB }) });
  await expect.poll(failures, { timeout: 10 * SECOND }).toBeGreaterThan(0);
  await postgres.open();
  const before = failures();
  await expect.poll(failures, { timeout: 10 * SECOND }).toBeGreaterThan(before);
  await put('uploads/meanwhile.csv');
  await s3Proxy.open();

  await expect.poll(() => published, { timeout: 20 * SECOND }).toEqual(['uploads/meanwhile.csv']);
  const back = () => log.entries.filter(({ msg }) => msg === 'bucket listing works again').length;
  await expect.poll(back, { timeout: 10 * SECOND }).toBe(1);
});

test('with the producer an object becomes messages', async () => {
  const watcher = await setupWatcher();
  const { put, watch, sqs, rowQueueUrl } = watcher;
  const producer = handlerSettings(watcher);
  watch({ publish: (upload) => publishUpload(producer, upload) });

  await put('uploads/März 2026.csv', 'name,company,mobile,email\nJane,Acme,0123456789,jane@x.org\n');

  const types: string[] = [];
  const arrived = async () => {
    types.push(...(await takeAll(sqs, rowQueueUrl)).map(({ Body = '' }) => JSON.parse(Body).type));
    return types;
  };
  await expect.poll(arrived, { timeout: 10 * SECOND }).toEqual(['upload.started', 'rows', 'segment.finished']);
});
