import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SEGMENT_BYTES } from '@rowferry/csv';
import { newUploadId } from '@rowferry/messages';
import { csvOf, s3Record } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { only, setupProducer } from '../test/setup-producer.ts';

const CSV = csvOf([
  ['employee_name', 'company_name', 'mobile_no', 'email'],
  ['Jane', 'Acme', '0123456789', 'jane@x.org'],
]);

test.for<[string, string]>([
  ['small', CSV],
  ['large', CSV.padEnd(SEGMENT_BYTES + 1, '\n')],
])('the messages of a %s file name the request that brought it', async ([, content]) => {
  const { s3, bucket, handleObjects, takeMessages, takeTasks, log } = await setupProducer();
  const id = newUploadId('staff.csv');
  const key = `uploads/${id}/staff.csv`;
  const metadata = { 'request-id': 'trace-7', 'upload-id': id };
  const { ETag = '' } = await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, Metadata: metadata }),
  );
  const object = { bucket, key, etag: ETag.replaceAll('"', ''), sizeBytes: Buffer.byteLength(content) };

  await handleObjects({ Records: [s3Record(object)] });

  const [started] = only(await takeMessages(), 'upload.started');
  expect(started?.upload.requestId).toBe('trace-7');
  for (const { upload } of await takeTasks()) expect(upload.requestId).toBe('trace-7');
  expect(log.entries.map(({ requestId }) => requestId)).toContain('trace-7');
});
