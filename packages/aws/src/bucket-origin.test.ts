import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { originOfBucket } from './bucket-origin.ts';

const credentials = { accessKeyId: 'rowferry', secretAccessKey: 'rowferry' };

test('on AWS a bucket has a host of its own; an emulator has one for all', async () => {
  const aws = new S3Client({ region: 'eu-central-1', credentials });
  const emulator = new S3Client({
    region: 'us-east-1',
    credentials,
    endpoint: 'http://127.0.0.1:4566',
    forcePathStyle: true,
  });

  expect(await originOfBucket(aws, 'files')).toBe('https://files.s3.eu-central-1.amazonaws.com');
  expect(await originOfBucket(emulator, 'files')).toBe('http://127.0.0.1:4566');
});
