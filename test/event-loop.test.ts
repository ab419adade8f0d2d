import { createRowHandler } from '@rowferry/consumer-lambda';
import { sourceObjectOf } from '@rowferry/messages';
import { createSegmentHandler, publishUpload } from '@rowferry/producer-lambda';
import { handlerSettings, putObject, sqsEvent, takeAll } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { type ServedApi, serveApi } from '../apps/api/test/serve-api.ts';
import { type Stretches, watchEventLoop } from '../packages/employee-file/test/event-loop.ts';

const KIB = 1024;
const SIZE = KIB * KIB;
const HEADER = 'name,company,phone,email\n';
const MARKS = '\u0323\u0301'.repeat(16 * KIB - 1);

function repeated(piece: string, header = HEADER): Buffer<ArrayBuffer> {
  return Buffer.concat([Buffer.from(header), Buffer.alloc(SIZE, piece)]);
}

/** Few rows that are hard to read, and many that are easy. packages/employee-file reads many more kinds. */
const FILES: Record<string, Buffer<ArrayBuffer>> = {
  'names of endless accents': repeated(`a${MARKS},b${MARKS},1,a@b.example\n`),
  'rows of as many fields as fit': repeated(`${'a,'.repeat(125 * KIB)}\n`),
  'quoted fields of 64 KiB': repeated(`"${' \u200b'.repeat(15 * KIB)}",b,1,a@b.example\n`),
  'addresses that are almost well formed': repeated(`a,b,1,${'a.'.repeat(30 * KIB)}@${'a-'.repeat(500)}\n`),
  'quotes alone': repeated('"'),
  'many bad rows': repeated(`a,b,1,${'a'.repeat(200)}@b\n`),
};

/** What a worker does with a file, message by message, but for the waiting. */
async function importFile(api: ServedApi, content: Buffer): Promise<string> {
  const { s3, sqs, bucket, rowQueueUrl, segmentQueueUrl } = api;
  const object = await putObject(s3, { bucket, key: 'uploads/staff.csv', content });
  const upload = sourceObjectOf({ ...object, versionId: null, createdAt: new Date() });
  if (upload === undefined) throw new Error('the object is no upload');
  const settings = handlerSettings(api);
  await publishUpload(settings, upload);
  const publishSegment = createSegmentHandler(settings);
  for (const task of await takeAll(sqs, segmentQueueUrl)) await publishSegment(sqsEvent([task]));
  const importRows = createRowHandler(settings);
  for (const message of await takeAll(sqs, rowQueueUrl)) await importRows(sqsEvent([message]));
  return upload.id;
}

/**
 * The same bound as of the parts alone (packages/employee-file). The goal is 50 ms. Seen, of files of 2 MiB on a busy machine:
 * 7 to 48 ms of CPU, and 102 for the import of rows of as many fields as fit, whose messages are large.
 */
function expectShort({ cpuMs, delayMs }: Stretches, what: string): void {
  expect(cpuMs, `${what}: CPU in one turn`).toBeLessThan(1000);
  expect(delayMs, `${what}: wait of a timer`).toBeLessThan(5000);
}

test.each(Object.keys(FILES))(
  'nobody waits long for the import, the dry run and the correction CSV of a file of %s',
  async (name) => {
    const api = await serveApi();
    const content = FILES[name] ?? Buffer.alloc(0);
    const form = new FormData();
    form.set('employee_data', new Blob([content]), 'staff.csv');
    let id = '';

    const steps: [string, () => Promise<void>][] = [
      [
        'dry run',
        async () => {
          const url = `${api.url}/v1/employee-data-upload?dryRun=true`;
          expect((await fetch(url, { method: 'POST', body: form })).status).toBe(200);
        },
      ],
      [
        'import',
        async () => {
          id = await importFile(api, content);
        },
      ],
      [
        'correction CSV',
        async () => {
          const response = await fetch(`${api.url}/v1/uploads/${id}/failed-rows.csv?outcome=all`);
          expect(response.status).toBe(200);
          expect((await response.text()).length).toBeGreaterThan(HEADER.length);
        },
      ],
    ];
    for (const [what, work] of steps) expectShort(await watchEventLoop(work), what);
  },
  120_000,
);
