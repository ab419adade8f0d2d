import { type RecordedLog, recordLog } from './recording-logger.ts';
import { setupDatabase, type TestDatabase } from './test-database.ts';
import { setupBucket, setupClients, setupQueues, type TestClients, type TestQueues } from './test-queues.ts';

export type Fixtures = TestDatabase & TestClients & TestQueues & { bucket: string; log: RecordedLog };

/** A fresh bundle for one test: database, bucket, queues and a log of its own. Gone at the end of the test. */
export async function setup(): Promise<Fixtures> {
  const clients = setupClients();
  const [database, bucket, queues] = await Promise.all([
    setupDatabase(),
    setupBucket(clients.s3),
    setupQueues(clients.sqs),
  ]);
  return { ...clients, ...database, ...queues, bucket, log: recordLog() };
}
