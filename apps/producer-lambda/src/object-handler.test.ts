import { createHash } from 'node:crypto';
import { SEGMENT_BYTES } from '@rowferry/csv';
import { type Message, newUploadId } from '@rowferry/messages';
import {
  csvOf,
  handlerSettings,
  putObject,
  removeObject,
  s3Record,
  services,
  setupAws,
  setupClients,
  setupProxy,
  takeAll,
} from '@rowferry/testing';
import { expect, test } from 'vitest';
import { only, rowsIn, setupProducer } from '../test/setup-producer.ts';
import { createObjectHandler } from './object-handler.ts';

const HEADER = ['employee_name', 'company_name', 'mobile_no', 'email'];
const JANE = ['Jane Doe', 'Acme', '0123456789', 'jane@x.org'];
const CSV = csvOf([HEADER, JANE]);

function eventOf(...objects: Parameters<typeof s3Record>[0][]) {
  return { Records: objects.map(s3Record) };
}

/** The ids of all uploads that messages are about. */
function uploadIdsIn(messages: readonly Message[]): string[] {
  return [...new Set(messages.map((message) => ('upload' in message ? message.upload.id : message.uploadId)))];
}

test('a small file goes out as what it is, each record with its physical line, and how many there were', async () => {
  const { handleObjects, takeMessages, putAsApi } = await setupProducer();
  const id = newUploadId('staff.csv');
  const records = [
    ['Jane, Dr. Doe', 'Acme "Rockets"', '+49 170 1234567', 'Jane@X.org'],
    ['Two\nlines', 'Zürich & Söhne', '0123456789', 'two@x.org'],
    ['李雷 😀', 'שלום', '0123456789', 'lei@x.org'],
  ];
  const object = await putAsApi(id, csvOf([HEADER, ...records]));

  await handleObjects(eventOf({ ...object, eventTime: '2026-11-22T10:00:00.123Z' }));

  const messages = await takeMessages();
  expect(only(messages, 'upload.started')).toMatchObject([
    {
      segments: 1,
      total: 3,
      // The second record stands on two lines.
      lastLine: 5,
      upload: {
        id,
        bucket: object.bucket,
        key: object.key,
        etag: object.etag,
        versionId: null,
        fileName: 'staff.csv',
        sizeBytes: object.sizeBytes,
        receivedAt: '2026-11-22T10:00:00.123Z',
      },
      detected: { delimiter: ',', encoding: 'utf-8', encodingConfidence: 1, bom: false, header: true },
      ignoredColumns: [],
      sha256: createHash('sha256')
        .update(csvOf([HEADER, ...records]))
        .digest('hex'),
    },
  ]);
  expect(rowsIn(messages)).toEqual([
    {
      line: 2,
      employee_name: 'Jane, Dr. Doe',
      company_name: 'Acme "Rockets"',
      mobile_no: '+49 170 1234567',
      email: 'Jane@X.org',
    },
    {
      line: 3,
      employee_name: 'Two\nlines',
      company_name: 'Zürich & Söhne',
      mobile_no: '0123456789',
      email: 'two@x.org',
    },
    { line: 5, employee_name: '李雷 😀', company_name: 'שלום', mobile_no: '0123456789', email: 'lei@x.org' },
  ]);
  expect(only(messages, 'rows').map(({ uploadId, segment }) => ({ uploadId, segment }))).toEqual(
    Array.from({ length: 3 }, () => ({ uploadId: id, segment: 0 })),
  );
  expect(only(messages, 'segment.finished')).toMatchObject([{ uploadId: id, segment: 0, rows: 3 }]);
});

test('columns are found by their header names, in any order and under other names; the rest is ignored by name', async () => {
  const { handleObjects, takeMessages, put } = await setupProducer();
  const object = await put(
    'uploads/other.csv',
    csvOf([
      ['E-Mail', 'Salary', 'Phone Number', 'Employer', 'Full Name'],
      ['jane@x.org', '1', '0123456789', 'Acme', 'Jane'],
    ]),
  );

  await handleObjects(eventOf(object));

  const messages = await takeMessages();
  expect(rowsIn(messages)).toEqual([
    { line: 2, employee_name: 'Jane', company_name: 'Acme', mobile_no: '0123456789', email: 'jane@x.org' },
  ]);
  expect(only(messages, 'upload.started')[0]?.ignoredColumns).toEqual(['Salary']);
});

test('a file larger than the server takes fails, whether small enough for one segment or not; one byte less is read', async () => {
  const { handleObjects, takeMessages, takeTasks, put } = await setupProducer({ maxUploadBytes: CSV.length });
  const fits = await put('uploads/fits.csv', CSV);
  const small = await put('uploads/small.csv', `${CSV}\n`);
  const large = await put('uploads/large.csv', 'x'.repeat(SEGMENT_BYTES + 1));

  await handleObjects(eventOf(small, large, fits));

  const messages = await takeMessages();
  expect(only(messages, 'upload.failed')).toMatchObject([
    {
      upload: { key: small.key },
      failure: {
        code: 'file_too_large',
        detail: `The file has ${CSV.length + 1} bytes; this server takes ${CSV.length} bytes at most.`,
      },
    },
    { upload: { key: large.key }, failure: { code: 'file_too_large' } },
  ]);
  expect(rowsIn(messages)).toHaveLength(1);
  expect(await takeTasks()).toEqual([]);
});

test('a record that has no columns travels as it is, with the reason', async () => {
  const { handleObjects, takeMessages, put } = await setupProducer();
  const object = await put(
    'uploads/broken.csv',
    `${CSV}only,three,fields\n${csvOf([JANE])}"never closed,Acme,1,a@x.org\n`,
  );

  await handleObjects(eventOf(object));

  const messages = await takeMessages();
  expect(rowsIn(messages)).toMatchObject([
    { line: 2, email: 'jane@x.org' },
    { line: 3, raw: ['only', 'three', 'fields'], errors: [{ code: 'field_count', column: null }] },
    { line: 4, email: 'jane@x.org' },
    { line: 5, raw: '"never closed,Acme,1,a@x.org', errors: [{ code: 'unclosed_quote', column: null }] },
  ]);
  expect(only(messages, 'segment.finished')).toMatchObject([{ rows: 4 }]);
});

test.for<[string, string, number]>([
  ['a small file', CSV, 1],
  ['a large file', CSV.padEnd(SEGMENT_BYTES + 1, '\n'), 1],
  ['a file without a header', csvOf([JANE, JANE]), 2],
])('the log says how many rows %s has', async ([, content, rows]) => {
  const { handleObjects, put, log } = await setupProducer();

  await handleObjects(eventOf(await put('uploads/staff.csv', content)));

  expect(log.entries).toContainEqual(
    expect.objectContaining({ msg: expect.stringMatching(/^upload (published|split into segments)$/), rows }),
  );
});

test('a key in any script, with spaces and plus signs, is found behind its URL encoding', async () => {
  const { handleObjects, takeMessages, put } = await setupProducer();
  const object = await put('uploads/HR + Büro/名簿 100%.csv', CSV);
  const record = s3Record(object);
  expect(record.s3.object.key).toBe('uploads/HR+%2B+B%C3%BCro/%E5%90%8D%E7%B0%BF+100%25.csv');

  await handleObjects({ Records: [record] });

  expect(only(await takeMessages(), 'upload.started')).toMatchObject([
    { upload: { key: object.key, fileName: '名簿 100%.csv' } },
  ]);
});

test('every object of an event is read', async () => {
  const { handleObjects, takeMessages, put } = await setupProducer();
  const objects = [await put('uploads/a.csv', CSV), await put('uploads/b.csv', CSV), await put('uploads/c.csv', CSV)];

  await handleObjects(eventOf(...objects));

  const messages = await takeMessages();
  expect(only(messages, 'upload.started').map(({ upload }) => upload.key)).toEqual(objects.map(({ key }) => key));
  expect(new Set(only(messages, 'upload.started').map(({ upload }) => upload.id)).size).toBe(3);
});

test('an event that comes again sends the very same messages: same id, same rows', async () => {
  const { handleObjects, takeBodies, put } = await setupProducer();
  const object = await put('uploads/by hand.csv', csvOf([HEADER, JANE, JANE, ['bad']]));

  await handleObjects(eventOf(object));
  const first = await takeBodies();
  await handleObjects(eventOf(object));

  expect(first.length).toBeGreaterThan(3);
  expect((await takeBodies()).toSorted()).toEqual(first.toSorted());
});

test('the id is the one in the key if the API made the key, else one of the event: another version is another upload', async () => {
  const { handleObjects, takeMessages, put, putAsApi } = await setupProducer();
  const id = newUploadId('staff.csv');
  const ofApi = await putAsApi(id, CSV);
  const byHand = await put('uploads/staff.csv', CSV);
  const replaced = await put('uploads/staff.csv', csvOf([HEADER, JANE, JANE]));

  await handleObjects(eventOf(ofApi, byHand, replaced));

  const messages = await takeMessages();
  const ids = [...only(messages, 'upload.started'), ...only(messages, 'upload.failed')].map(({ upload }) => upload.id);
  expect(ids).toHaveLength(3);
  expect(ids).toContain(id);
  expect(new Set(ids).size).toBe(3);
});

test.for<[what: string, content: string]>([
  ['a small', csvOf([HEADER, JANE, JANE])],
  ['a large', csvOf([HEADER, JANE]).padEnd(SEGMENT_BYTES + 1, '\n')],
  ['an unreadable', 'no,columns,of,employees\n1,2,3,4\n'],
])('%s object that somebody writes over that of the API is an upload of its own', async ([, content]) => {
  const { handleObjects, takeMessages, takeTasks, put, putAsApi } = await setupProducer();
  const id = newUploadId('staff.csv');
  const ofApi = await putAsApi(id, CSV);
  await handleObjects(eventOf(ofApi));
  const first = await takeMessages();

  const event = eventOf(await put(ofApi.key, content));
  await handleObjects(event);
  const messages = await takeMessages();
  await handleObjects(event);

  expect(uploadIdsIn(first)).toEqual([id]);
  const [own] = uploadIdsIn(messages);
  expect(own).not.toBe(id);
  expect(uploadIdsIn(messages)).toEqual([own]);
  expect((await takeTasks()).map(({ upload }) => upload.id).filter((each) => each !== own)).toEqual([]);
  expect(uploadIdsIn(await takeMessages())).toEqual([own]);
});

test.for<[what: string, event: (object: Parameters<typeof s3Record>[0]) => unknown]>([
  [
    'the test event of S3',
    () => ({ Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-11-22T10:00:00.000Z', Bucket: 'b' }),
  ],
  ['an event without records', () => ({ Records: [] })],
  ['an object outside uploads/', (object) => eventOf({ ...object, key: 'elsewhere/staff.csv' })],
  ['the marker of a folder', (object) => eventOf({ ...object, key: 'uploads/folder/' })],
  ['the removal of an object', (object) => eventOf({ ...object, eventName: 'ObjectRemoved:Delete' })],
])('%s is no upload', async ([, event]) => {
  const { handleObjects, takeBodies, put } = await setupProducer();
  const object = await put('uploads/staff.csv', CSV);

  await handleObjects(event(object));

  expect(await takeBodies()).toEqual([]);
});

test('what is no S3 event is refused: it must not be taken for done', async () => {
  const { handleObjects } = await setupProducer();
  await expect(handleObjects({ Records: [{ eventSource: 'aws:sqs' }] })).rejects.toThrow();
  await expect(handleObjects({})).rejects.toThrow();
});

const WORKBOOK = Buffer.from([0x50, 0x4b, 0x03, 0x04, ...Buffer.from('[Content_Types].xml xl/workbook.xml')]);

test.for<[what: string, content: string | Uint8Array, failure: object]>([
  ['an empty file', '', { code: 'empty_file' }],
  ['a file of nothing but empty lines', '\n\r\n\n', { code: 'empty_file' }],
  [
    'a file with two columns missing',
    'employee_name,mobile_no\nJane,0123456789\n',
    { code: 'missing_columns', columns: ['company_name', 'email'] },
  ],
  [
    'a file with two e-mail columns',
    'name,company,mobile,email,e-mail\na,b,c,d,e\n',
    { code: 'ambiguous_columns', columns: ['email'] },
  ],
  ['an Excel workbook', WORKBOOK, { code: 'not_csv' }],
  ['a PDF', '%PDF-1.7\n1 0 obj', { code: 'not_csv' }],
])('%s has failed, and says why', async ([, content, failure]) => {
  const { handleObjects, takeMessages, put } = await setupProducer();
  const object = await put('uploads/bad.csv', content);

  await handleObjects(eventOf(object));

  expect(await takeMessages()).toMatchObject([
    {
      type: 'upload.failed',
      upload: { key: object.key },
      failure: { ...failure, detail: expect.stringMatching(/\w/) },
    },
  ]);
});

test('a file with a header and nothing else has no rows, which is no failure', async () => {
  const { handleObjects, takeMessages, put } = await setupProducer();
  const object = await put('uploads/header.csv', csvOf([HEADER]));

  await handleObjects(eventOf(object));

  expect(await takeMessages()).toMatchObject([
    { type: 'upload.started', segments: 1 },
    { type: 'segment.finished', segment: 0, rows: 0 },
  ]);
});

test('an object that is gone, or was replaced, has failed', async () => {
  const { handleObjects, takeMessages, put, s3 } = await setupProducer();
  const gone = await put('uploads/gone.csv', CSV);
  await removeObject(s3, gone);
  const replaced = await put('uploads/replaced.csv', CSV);
  await put('uploads/replaced.csv', csvOf([HEADER, JANE, JANE]));

  await handleObjects(eventOf(gone, replaced));

  expect(await takeMessages()).toMatchObject([
    { type: 'upload.failed', upload: { key: gone.key }, failure: { code: 'object_gone' } },
    { type: 'upload.failed', upload: { key: replaced.key }, failure: { code: 'object_gone' } },
  ]);
});

test('a row in a message of its own, or as many as ROWS_PER_MESSAGE says', async () => {
  const content = csvOf([HEADER, ...Array.from({ length: 7 }, () => JANE)]);
  for (const [rowsPerMessage, sizes] of [
    [undefined, [1, 1, 1, 1, 1, 1, 1]],
    [3, [3, 3, 1]],
    [7, [7]],
  ] as const) {
    const { handleObjects, takeMessages, put } = await setupProducer({ ...(rowsPerMessage && { rowsPerMessage }) });
    await handleObjects(eventOf(await put('uploads/seven.csv', content)));
    const messages = only(await takeMessages(), 'rows');
    expect(messages.map(({ rows }) => rows.length).toSorted((a, b) => b - a)).toEqual(sizes);
  }
});

test('whatever is in a row, SQS takes its message, and it is at most 64 KiB', async () => {
  const { handleObjects, takeBodies, takeMessages, put } = await setupProducer({ rowsPerMessage: 100 });
  const nasty = ['\ufffe\uffff', 'a\u0001\u0000b', '😀 \u{10ffff}', 'a\u2028b\u0085c'];
  const long = 'ü'.repeat(30_000);
  const wide = Array.from({ length: 5000 }, () => '"');
  const content = csvOf([
    HEADER,
    ...nasty.map((text, index) => [text, 'Acme', '0123456789', `n${index}@x.org`]),
    [long, 'Acme', '0123456789', 'long@x.org'],
    wide,
    ...Array.from({ length: 300 }, (_, index) => ['x'.repeat(1000), 'y'.repeat(1000), '0123456789', `${index}@x.org`]),
  ]);
  const object = await put('uploads/nasty.csv', content);

  await handleObjects(eventOf(object));
  const bodies = await takeBodies();

  for (const body of bodies) {
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(64 * 1024);
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    expect(body).toMatch(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);
  }
  await handleObjects(eventOf(object));
  const rows = rowsIn(await takeMessages());
  expect(rows).toHaveLength(nasty.length + 2 + 300);
  expect(rows.slice(0, nasty.length).map((row) => ('errors' in row ? row.raw : row.employee_name))).toEqual(nasty);
  expect(rows[nasty.length]).toMatchObject({ errors: [{ code: 'too_long', column: 'employee_name' }] });
  expect(rows[nasty.length + 1]).toMatchObject({ errors: [{ code: 'field_count', column: null }] });
});

test('while SQS or S3 are unavailable the handler throws, so that the event comes again', async () => {
  const fixtures = await setupAws();
  const { bucket, rowQueueUrl } = fixtures;
  const object = await putObject(fixtures.s3, { bucket, key: 'uploads/a.csv', content: CSV });
  const proxy = await setupProxy(services().endpoint);
  const unavailable = setupClients(proxy.url);
  const settings = handlerSettings(fixtures);
  const withoutSqs = createObjectHandler({ ...settings, sqs: unavailable.sqs });
  const withoutS3 = createObjectHandler({ ...settings, s3: unavailable.s3 });
  await proxy.shut();

  await expect(withoutSqs(eventOf(object))).rejects.toThrow();
  await expect(withoutS3(eventOf(object))).rejects.toThrow();
  expect(await takeAll(fixtures.sqs, rowQueueUrl)).toEqual([]);

  await proxy.open();
  await withoutSqs(eventOf(object));
  expect(await takeAll(fixtures.sqs, rowQueueUrl)).toHaveLength(3);
});
