import { once } from 'node:events';
import {
  type Database,
  failUpload,
  findUpload,
  finishSegment,
  openUpload,
  receiveUpload,
  startUpload,
  writeRows,
} from '@rowferry/database';
import { newUploadId, type SourceObject } from '@rowferry/messages';
import { anUpload, recordLog, setup, setupDatabase, someFacts } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { apiSettings } from '../../../test/api-settings.ts';
import { serve, serveApi } from '../../../test/serve-api.ts';
import type { EventStream } from './event-stream.ts';
import { toProgressEvent } from './progress-event.ts';
import { UploadWatch } from './upload-watch.ts';

type Event = {
  id: string;
  event: string;
  data: { status: string; counts: { inserted: number }; id: string; estimatedSecondsLeft: number | null };
};

/** Reads events as a client does; `next` waits for one, `rest` for the end of the stream. */
async function follow(url: string, uploadId: string, lastEventId?: string) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const response = await fetch(`${url}/v1/uploads/${uploadId}/events`, { headers, signal: abort.signal });
  const events = eventsOf(response);
  return {
    response,
    leave: () => abort.abort(),
    async next(): Promise<Event> {
      const { value, done } = await events.next();
      if (done) throw new Error('the stream has ended');
      return value;
    },
    async rest(): Promise<Event[]> {
      const rest: Event[] = [];
      for await (const event of events) rest.push(event);
      return rest;
    },
  };
}

async function* eventsOf({ body }: Response): AsyncGenerator<Event> {
  let text = '';
  for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.event !== undefined) yield { id: fields.id, event: fields.event, data: JSON.parse(fields.data) };
    }
  }
}

async function receivedUpload(database: Database): Promise<SourceObject> {
  const upload = anUpload({ receivedAt: new Date().toISOString() });
  await openUpload(database, upload);
  await receiveUpload(database, upload.id, { sizeBytes: upload.sizeBytes, sha256: 'x', etag: upload.etag });
  return upload;
}

async function landRow(database: Database, uploadId: string, line: number): Promise<void> {
  const employee = {
    employee_name: 'Jane',
    company_name: 'Acme',
    mobile_no: '0123456789',
    email: `jane${line}@${uploadId}.org`,
  };
  await writeRows(database, [{ uploadId, receivedAtMicros: 0, line, attempts: 1, employee }], []);
}

test('a follower sees the state at once, each change, and at last that it is completed', async () => {
  const { url, database } = await serveApi();
  const upload = await receivedUpload(database);
  const follower = await follow(url, upload.id);
  expect(follower.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(await follower.next()).toMatchObject({ event: 'progress', data: { id: upload.id, status: 'received' } });

  await startUpload(database, upload, someFacts());
  expect(await follower.next()).toMatchObject({ event: 'progress', data: { status: 'processing' } });
  await landRow(database, upload.id, 2);
  expect(await follower.next()).toMatchObject({ event: 'progress', data: { counts: { inserted: 1 } } });
  await finishSegment(database, { uploadId: upload.id, segment: 0, rows: 1 });

  const [last, ...more] = await follower.rest();
  expect(last).toMatchObject({ event: 'completed', data: { status: 'completed', counts: { inserted: 1 } } });
  expect(more).toEqual([]);
});

test('of a file that is not read to its end, progress rises with the rows, and a time left is estimated', async () => {
  const { url, database } = await serveApi();
  const upload = await receivedUpload(database);
  await startUpload(database, upload, someFacts({ segments: 2, total: 4, lastLine: 5 }));
  const follower = await follow(url, upload.id);
  expect(await follower.next()).toMatchObject({ data: { total: 4, progress: 0, estimatedSecondsLeft: null } });

  // A minute for the first row: three more minutes for three more.
  await database.raw("update uploads set started_at = now() - interval '1 minute'");
  await landRow(database, upload.id, 2);
  const { data } = await follower.next();

  expect(data).toMatchObject({ status: 'processing', total: 4, progress: 0.25 });
  expect(data.estimatedSecondsLeft).toBeGreaterThanOrEqual(180);
  expect(data.estimatedSecondsLeft).toBeLessThan(240);
  for (const line of [3, 4]) await landRow(database, upload.id, line);
  // Where the segments have fewer rows than were counted, their sum is the total.
  for (const [segment, rows] of [2, 1].entries()) await finishSegment(database, { uploadId: upload.id, segment, rows });
  const last = (await follower.rest()).at(-1);
  expect(last).toMatchObject({
    event: 'completed',
    data: { status: 'completed', total: 3, progress: 1, estimatedSecondsLeft: null },
  });
});

test('a new estimate alone is no new state', async () => {
  const { database } = await setupDatabase();
  const upload = await receivedUpload(database);
  await startUpload(database, upload, someFacts({ total: 2, lastLine: 3 }));
  await landRow(database, upload.id, 2);
  const eventAfter = async (minutes: number) => {
    await database.raw('update uploads set started_at = started_at - make_interval(mins => ?)', [minutes]);
    const record = await findUpload(database, upload.id);
    if (record === undefined) throw new Error('no upload');
    // The start itself is the same for the client.
    return toProgressEvent({ ...record, started_at: null });
  };

  const [first, second] = [await eventAfter(1), await eventAfter(5)];

  expect(second.text).not.toBe(first.text);
  expect(second.id).toBe(first.id);
});

test('a client that comes back gets the state as it is; one that has seen the last is told to stay away', async () => {
  const { url, database } = await serveApi();
  const upload = await receivedUpload(database);
  const first = await follow(url, upload.id);
  const { id } = await first.next();
  first.leave();

  const second = await follow(url, upload.id, id);
  expect(await second.next()).toMatchObject({ id, data: { status: 'received' } });
  await failUpload(database, upload, { code: 'not_csv', detail: 'It is a picture.' });
  const last = await second.next();
  expect(last).toMatchObject({ event: 'completed', data: { status: 'failed' } });

  expect((await follow(url, upload.id, last.id)).response.status).toBe(204);
  expect(await (await follow(url, upload.id, id)).rest()).toEqual([last]);
});

test('an unknown upload has no events', async () => {
  const { url } = await serveApi();

  expect((await follow(url, newUploadId())).response.status).toBe(404);
});

test('many followers of several uploads cost one query a look, at most four a second', async () => {
  const { url, database } = await serveApi();
  const uploads = await Promise.all(Array.from({ length: 4 }, () => receivedUpload(database)));
  const followers = await Promise.all(uploads.flatMap(({ id }) => Array.from({ length: 25 }, () => follow(url, id))));
  await Promise.all(followers.map((follower) => follower.next()));
  let queries = 0;
  database.on('query', ({ sql }: { sql: string }) => {
    if (sql.includes('any($1::uuid[])')) queries++;
  });
  const start = performance.now();

  for (const line of [2, 3, 4]) {
    await Promise.all(uploads.map(({ id }) => landRow(database, id, line)));
    for (const follower of followers) {
      let event = await follower.next();
      while (event.data.counts.inserted < line - 1) event = await follower.next();
    }
  }

  const seconds = (performance.now() - start) / 1000;
  expect(queries).toBeGreaterThanOrEqual(3);
  expect(queries).toBeLessThanOrEqual(seconds * 4 + 1);
});

test('when nobody follows any more, nothing is asked', async () => {
  const { url, database } = await serveApi();
  const upload = await receivedUpload(database);
  const follower = await follow(url, upload.id);
  await follower.next();
  let asked = Promise.withResolvers<void>();
  database.on('query', () => asked.resolve());
  await asked.promise;

  follower.leave();

  await expect
    .poll(
      async () => {
        asked = Promise.withResolvers();
        const quiet = once(AbortSignal.timeout(600), 'abort').then(() => 'quiet');
        return Promise.race([asked.promise.then(() => 'asked'), quiet]);
      },
      { timeout: 10_000 },
    )
    .toBe('quiet');
});

test('when the process stops, streams end', async () => {
  const fixtures = await setup();
  const stopping = new AbortController();
  const url = await serve(apiSettings(fixtures, { stopping: stopping.signal }));
  const upload = await receivedUpload(fixtures.database);
  const follower = await follow(url, upload.id);
  await follower.next();

  stopping.abort();

  expect(await follower.rest()).toEqual([]);
});

test('beyond a thousand followers of one process the next is told to come back later', async () => {
  const { database } = await setupDatabase();
  const watch = new UploadWatch(database, recordLog().logger);
  const leave: (() => void)[] = [];
  // Of a stream the watch needs no more than that.
  const stream = {
    send() {},
    end() {},
    onEnd: (listener: () => void) => leave.push(listener),
  } as unknown as EventStream;
  for (let followers = 0; followers < 1000; followers++) {
    watch.refuseWhenFull();
    watch.follow(newUploadId(), stream);
  }

  expect(() => watch.refuseWhenFull()).toThrow('Too many clients follow uploads here');

  leave.pop()?.();
  expect(() => watch.refuseWhenFull()).not.toThrow();
  for (const each of leave) each();
});
