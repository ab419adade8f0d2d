export { csvOf } from './csv.ts';
export { type AnnouncedObject, s3Record, sqsEvent } from './events.ts';
export { keysOf, watchMultiparts } from './leftovers.ts';
export { statementsThatWait, untilOneWaits } from './locks.ts';
export { putObject, removeObject } from './objects.ts';
export { type LogEntry, type RecordedLog, recordLog } from './recording-logger.ts';
export { serveHttp } from './serve-http.ts';
export { EMULATOR_CREDENTIALS, type Services, services } from './services.ts';
export { type AwsFixtures, type Fixtures, handlerSettings, setup, setupAws } from './setup.ts';
export { setupProxy, TcpProxy } from './tcp-proxy.ts';
export { temporaryParent } from './temporary-parent.ts';
export { setupDatabase, setupEmptyDatabase, type TestDatabase } from './test-database.ts';
export {
  deliver,
  depthOf,
  enqueue,
  receive,
  remove,
  setupBucket,
  setupClients,
  setupQueues,
  type TestClients,
  type TestQueues,
  takeAll,
} from './test-queues.ts';
export { setupTransactionPooler } from './transaction-pooler.ts';
export { anUpload, someFacts } from './uploads.ts';
