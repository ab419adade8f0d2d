import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LOOPBACK } from '../host/free-port.ts';
import { BodyFiles } from './body-files.ts';
import { BufferPool } from './buffer-pool.ts';
import { CREDENTIALS_FILE, type EmulatorCredentials, loadCredentials } from './credentials.ts';
import { loadFauxqs } from './fauxqs.ts';
import { GroupCommit } from './group-commit.ts';
import { addGuard } from './guard.ts';
import { addListingEncoding } from './listing-encoding.ts';
import { addNotificationRoute, ObjectNotifications } from './object-notifications.ts';
import { addObjectRoutes } from './object-routes.ts';
import { ObjectStore } from './object-store.ts';
import { openDatabase } from './open-database.ts';
import { QueueJournal } from './queue-journal.ts';
import { addQueueRoutes } from './queue-routes.ts';
import { RequestBodies } from './request-bodies.ts';
import { SegmentFiles } from './segment-files.ts';
import { TopicJournal } from './topic-journal.ts';

export type RunningEmulator = {
  readonly port: number;
  readonly credentials: EmulatorCredentials;
  close(): Promise<void>;
};

export type RunOptions = {
  readonly dataDir: string;
  /** TCP port of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** False spares the waiting for the disk; the data are then good for this run only. */
  readonly durable: boolean;
  /** Undefined: those of the data directory, which are made by the first start. */
  readonly credentials: EmulatorCredentials | undefined;
};

/** fauxqs answers for this account only. */
const ACCOUNT = '000000000000';

/** Runs S3, SQS and SNS in this process, on what the data directory holds. */
export async function runEmulator({ dataDir, port, durable, ...options }: RunOptions): Promise<RunningEmulator> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const credentials = options.credentials ?? loadCredentials(join(dataDir, CREDENTIALS_FILE));
  const fauxqs = await loadFauxqs();
  const { sqsStore, snsStore, s3Store } = fauxqs.stores;
  const { database, sync, close: closeDatabase } = openDatabase(join(dataDir, 'emulator.db'), durable);
  const commits = new GroupCommit(database, sync);
  const files = new SegmentFiles(join(dataDir, 'objects'), durable);
  const bodies = new BodyFiles(join(dataDir, 'messages'), durable);
  const journal = new QueueJournal(database, commits, bodies);
  const notifications = new ObjectNotifications(fauxqs, database, commits);
  const onCreated = notifications.publish.bind(notifications);
  const objects = new ObjectStore(s3Store, database, commits, files, onCreated);

  const app = fauxqs.buildApp();
  const pool = new BufferPool();
  const requestBodies = new RequestBodies(pool);
  addGuard(app, credentials, fauxqs, requestBodies);
  // Requests wait until the data are loaded: queue URLs carry the port, which is known only once we listen.
  const loaded = Promise.withResolvers<void>();
  app.addHook('onRequest', () => loaded.promise);
  addQueueRoutes(app, { fauxqs, journal, commits, bodies: requestBodies, pool });
  const settled = () => commits.settled();
  addNotificationRoute(app, notifications, { fauxqs, settled });
  addListingEncoding(app);
  addObjectRoutes(app, { fauxqs, objects, files, settled });
  const openPort = Number(new URL(await app.listen({ port, host: LOOPBACK })).port);

  journal.load(sqsStore, (name) => `http://${LOOPBACK}:${openPort}/${ACCOUNT}/${name}`);
  new TopicJournal(database, commits).load(snsStore);
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
    credentials,
    async close() {
      await app.close();
      commits.commit();
      closeDatabase();
      bodies.close();
    },
  };
}
