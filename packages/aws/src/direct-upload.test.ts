import { S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { serveHttp, setupBucket, setupClients } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { abortDirectUpload, listStoredParts, openDirectUpload } from './direct-upload.ts';

test('the parts that S3 has are all told, also more than fit into one answer, until the upload is gone', async () => {
  const { s3 } = setupClients();
  const address = { bucket: await setupBucket(s3), key: 'uploads/staff.csv' };
  const upload = { ...address, multipartId: await openDirectUpload(s3, { ...address, metadata: { requestId: 'r' } }) };
  expect(await listStoredParts(s3, upload)).toEqual(new Map());
  const send = async (PartNumber: number) => {
    const part = { Bucket: upload.bucket, Key: upload.key, UploadId: upload.multipartId, PartNumber };
    await s3.send(new UploadPartCommand({ ...part, Body: 'x'.repeat(PartNumber) }));
  };
  await Promise.all(Array.from({ length: 1001 }, (_, index) => send(index + 1)));

  const parts = await listStoredParts(s3, upload);

  expect([...(parts?.values() ?? [])].map(({ sizeBytes }) => sizeBytes)).toEqual([...(parts?.keys() ?? [])]);
  expect(parts?.size).toBe(1001);
  await abortDirectUpload(s3, upload);
  expect(await listStoredParts(s3, upload)).toBeUndefined();
});

test('an S3 that does not know how to list parts cannot tell which it has', async () => {
  const endpoint = await serveHttp((_request, response) => {
    response.writeHead(501, { 'Content-Type': 'application/xml' });
    response.end('<?xml version="1.0"?><Error><Code>NotImplemented</Code><Message>not here</Message></Error>');
  });
  const s3 = new S3Client({
    endpoint,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'rowferry', secretAccessKey: 'rowferry' },
  });
  onTestFinished(() => s3.destroy());

  const upload = { bucket: 'bucket', key: 'uploads/staff.csv', multipartId: 'multipart' };
  expect(await listStoredParts(s3, upload)).toBeUndefined();
});
