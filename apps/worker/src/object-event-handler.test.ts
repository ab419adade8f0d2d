import { SEGMENT_BYTES } from '@rowferry/csv';
import { connect, findUnreadUploads, openUpload, receiveUpload } from '@rowferry/database';
import { decodeMessage, keyOfUpload, newUploadId, sourceObjectsOf } from '@rowferry/messages';
import {
  type AnnouncedObject,
  deliver,
  depthOf,
  handlerSettings,
  putObject,
  receive,
  s3Record,
  services,
  setup,
  setupClients,
  setupProxy,
  sqsEvent,
  takeAll,
} from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createObjectEventHandler } from './object-event-handler.ts';

const CSV = 'name,company,mobile,email\nJane,Acme,0123456789,jane@x.org\n';
const NONE_FAILED = { batchItemFailures: [] };

const eventOf = (...objects: AnnouncedObject[]) => ({ Records: objects.map(s3Record) });

async function setupHandler(given: object = {}) {
  const fixtures = await setup();
  const { s3, sqs, bucket } = fixtures;
  // Any queue will do for the events: nobody else reads it.
  const objectQueueUrl = fixtures.rowDlqUrl;
  const settings = { ...handlerSettings(fixtures), ...given };
  const handler = createObjectEventHandler(settings, objectQueueUrl);
  return {
    ...fixtures,
    objectQueueUrl,
    put: (name: string, content = CSV) => putObject(s3, { bucket, key: `uploads/${name}`, content }),
    handle: async (...bodies: string[]) => handler(sqsEvent(await deliver(sqs, objectQueueUrl, bodies))),
    typesIn: async (queueUrl: string) =>
      (await takeAll(sqs, queueUrl)).map(({ Body = '' }) => String(JSON.parse(Body).type)),
  };
}

test('an object is read once, however often its event comes', async () => {
  const { put, handle, typesIn, rowQueueUrl } = await setupHandler();
  const body = JSON.stringify(eventOf(await put('staff.csv')));

  expect(await handle(body)).toEqual(NONE_FAILED);
  expect(await typesIn(rowQueueUrl)).toEqual(['upload.started', 'rows', 'segment.finished']);

  expect(await handle(body)).toEqual(NONE_FAILED);
  expect(await typesIn(rowQueueUrl)).toEqual([]);
});

test('an object that is written over that of the API is an upload of its own, read once', async () => {
  const { s3, bucket, database, handle, sqs, rowQueueUrl } = await setupHandler();
  const id = newUploadId('staff.csv');
  const key = keyOfUpload(id, 'staff.csv');
  const uploadsRead = async () =>
    (await takeAll(sqs, rowQueueUrl)).flatMap(({ Body = '' }) => {
      const message = decodeMessage(Body);
      return message.type === 'upload.started' ? message.upload.id : [];
    });
  const ofApi = await putObject(s3, { bucket, key, content: CSV, metadata: { 'upload-id': id } });
  await handle(JSON.stringify(eventOf(ofApi)));
  expect(await uploadsRead()).toEqual([id]);
  await openUpload(database, { id, bucket, key, fileName: 'staff.csv' });
  await receiveUpload(database, id, { sizeBytes: CSV.length, sha256: null, etag: ofApi.etag });

  const replaced = JSON.stringify(eventOf(await putObject(s3, { bucket, key, content: `${CSV}\n` })));
  await handle(replaced);
  const [own, ...more] = await uploadsRead();
  await handle(replaced);

  expect(own).toEqual(expect.not.stringMatching(id));
  expect(more).toEqual([]);
  expect(await uploadsRead()).toEqual([]);
});

test('a large file is passed on to the segment queue, so that small ones do not wait for it', async () => {
  const { bucket, handle, sqs, rowQueueUrl, segmentQueueUrl, database } = await setupHandler();
  const event = eventOf({ bucket, key: 'uploads/large.csv', etag: 'e', sizeBytes: SEGMENT_BYTES + 1 });
  const [upload] = sourceObjectsOf(event);

  expect(await handle(JSON.stringify(event))).toEqual(NONE_FAILED);

  const tasks = (await takeAll(sqs, segmentQueueUrl)).map(({ Body = '' }) => JSON.parse(Body));
  expect(tasks).toMatchObject([{ type: 'object', upload }]);
  expect(await takeAll(sqs, rowQueueUrl)).toEqual([]);
  expect(await findUnreadUploads(database, [upload?.id ?? ''])).toEqual(new Set());
});

test('what fails comes again later; other events of the batch are handled', async () => {
  const proxy = await setupProxy(services().endpoint);
  const { s3 } = setupClients(proxy.url);
  const { put, handle, typesIn, sqs, rowQueueUrl, objectQueueUrl, bucket } = await setupHandler({ s3 });
  const unread = JSON.stringify(eventOf(await put('staff.csv')));
  await proxy.shut();
  const large = JSON.stringify(eventOf({ bucket, key: 'uploads/l.csv', etag: 'e', sizeBytes: SEGMENT_BYTES + 1 }));

  const { batchItemFailures } = await handle('no JSON', '{"Records":"none"}', unread, large);

  expect(batchItemFailures).toHaveLength(3);
  expect(await typesIn(rowQueueUrl)).toEqual([]);
  expect(await receive(sqs, objectQueueUrl)).toEqual([]);
  expect(await depthOf(sqs, objectQueueUrl)).toEqual({ visible: 0, hidden: 4 });
});

test('while Postgres is unavailable, files are read all the same and wait as rows', async () => {
  const proxy = await setupProxy(services().adminUrl);
  const database = connect({ url: proxy.url, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  const { put, handle, typesIn, rowQueueUrl } = await setupHandler({ database });
  const body = JSON.stringify(eventOf(await put('staff.csv')));
  await proxy.shut();

  expect(await handle(body)).toEqual(NONE_FAILED);

  expect(await typesIn(rowQueueUrl)).toEqual(['upload.started', 'rows', 'segment.finished']);
});
