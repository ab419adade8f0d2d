import type { S3Client } from '@aws-sdk/client-s3';
import { putObject, setupAws } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { listUploads } from './list-uploads.ts';

const KEYS = [
  'uploads/carriage\rreturn.csv',
  'uploads/new\nline.csv',
  'uploads/a b+c, 100%25 & <d>.csv',
  'uploads/tab\t\u0001\u007f.csv',
  'uploads/\u202egnp.csv',
  'uploads/Größe/名簿🚢.csv',
];

async function keysListed(s3: S3Client, bucket: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of listUploads(s3, bucket, AbortSignal.timeout(10_000)))
    keys.push(...page.map(({ key }) => key));
  return keys;
}

test('the listing has keys as they are, whatever characters they have', async () => {
  const { s3, bucket } = await setupAws();
  for (const key of KEYS) await putObject(s3, { bucket, key, content: 'x' });

  expect((await keysListed(s3, bucket)).toSorted()).toEqual(KEYS.toSorted());
});

test('of a store that does not encode keys, they are taken as they come', async () => {
  const { s3, bucket } = await setupAws();
  await putObject(s3, { bucket, key: 'uploads/100%25+1.csv', content: 'x' });
  // As a store that does not know the parameter.
  s3.middlewareStack.add(
    (next) => (args) => {
      if ('EncodingType' in args.input) Object.assign(args.input, { EncodingType: undefined });
      return next(args);
    },
    { step: 'initialize' },
  );

  expect(await keysListed(s3, bucket)).toEqual(['uploads/100%25+1.csv']);
});
