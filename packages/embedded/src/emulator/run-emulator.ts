import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LOOPBACK } from '../host/free-port.ts';
import { loadFauxqs } from './fauxqs.ts';
import { GroupCommit } from './group-commit.ts';
import { addObjectRoutes } from './object-routes.ts';
import { ObjectStore } from './object-store.ts';
import { openDatabase } from './open-database.ts';
import { QueueJournal } from './queue-journal.ts';
import { addQueueRoutes } from './queue-routes.ts';
import { SegmentFiles } from './segment-files.ts';

export type RunningEmulator = { readonly port: number; close(): Promise<void> };

/** fauxqs answers for this account only. */
const ACCOUNT = '000000000000';

/**
 * Runs S3 and SQS in this process on `port` of 127.0.0.1 (0: a free one), on what `dataDir` holds.
 * `durable: false` spares the waiting for the disk; the data are then good for this run only.
 */
export async function runEmulator(dataDir: string, port: number, durable: boolean): Promise<RunningEmulator> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const fauxqs = await loadFauxqs();
  const { sqsStore, s3Store } = fauxqs.stores;
  const database = openDatabase(join(dataDir, 'emulator.db'), durable);
  const commits = new GroupCommit(database);
  const files = new SegmentFiles(join(dataDir, 'objects'), durable);
  const journal = new QueueJournal(database, commits);
  const objects = new ObjectStore(s3Store, database, commits, files);

  const app = fauxqs.buildApp();
  // Requests wait until the data are loaded: queue URLs carry the port, which is known only once we listen.
  const loaded = Promise.withResolvers<void>();
  app.addHook('onRequest', () => loaded.promise);
  addQueueRoutes(app, sqsStore, journal, commits);
  addObjectRoutes(app, { fauxqs, objects, files, settled: () => commits.settled() });
  const openPort = Number(new URL(await app.listen({ port, host: LOOPBACK })).port);

  journal.load(sqsStore, (name) => `http://${LOOPBACK}:${openPort}/${ACCOUNT}/${name}`);
  objects.loadS3(s3Store);
  // fauxqs's own order is that of the user's language, in which paging by key loses objects.
  s3Store.listObjects = (bucket, options) => {
    if (!s3Store.hasBucket(bucket))
      throw new fauxqs.S3Error('NoSuchBucket', 'The specified bucket does not exist', 404);
    return objects.listObjects(bucket, options);
  };
  loaded.resolve();

  return {
    port: openPort,
    async close() {
      await app.close();
      commits.commit();
      database.close();
    },
  };
}
