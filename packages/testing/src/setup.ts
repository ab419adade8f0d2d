import { type RecordedLog, recordLog } from './recording-logger.ts';
import { setupDatabase, type TestDatabase } from './test-database.ts';
import { setupBucket, setupClients, setupQueues, type TestClients, type TestQueues } from './test-queues.ts';

export type AwsFixtures = TestClients & TestQueues & { bucket: string; log: RecordedLog };

export type Fixtures = AwsFixtures & TestDatabase;

/** A fresh bundle for one test: database, bucket, queues and a log of its own. Gone at the end of the test. */
export async function setup(): Promise<Fixtures> {
  const [aws, database] = await Promise.all([setupAws(), setupDatabase()]);
  return { ...aws, ...database };
}

/** The same without a database, which takes longest to make. */
export async function setupAws(): Promise<AwsFixtures> {
  const clients = setupClients();
  const [bucket, queues] = await Promise.all([setupBucket(clients.s3), setupQueues(clients.sqs)]);
  return { ...clients, ...queues, bucket, log: recordLog() };
}

/** What producer and consumer take, with these fixtures: as `npm start` sets them, but for the size of a file. */
export function handlerSettings<Given extends AwsFixtures>(fixtures: Given) {
  return { ...fixtures, rowsPerMessage: undefined, maxUploadBytes: 2 ** 30, logger: fixtures.log.logger };
}
