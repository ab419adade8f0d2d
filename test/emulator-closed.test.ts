import { existsSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { newDataDir, npmStart } from './support/npm-start.ts';

type Answer = { status: number | undefined; text: string };

/** Sends what a browser would, Host and Origin included, which `fetch` does not let anybody set. */
function send(to: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(to, { method, headers }, async (response) => {
      resolve({ status: response.statusCode, text: await text(response) });
    })
      .on('error', reject)
      .end(body);
  });
}

test('beside an API on loopback, neither a web page nor another user gets at files and queues', async () => {
  // A variable that fauxqs reads when it is started by itself.
  const DATA_DIR = await newDataDir();
  const rowferry = await npmStart({ DATA_DIR, PORT: '0', FAUXQS_HOST: 'example.com' });
  const bucket = `${rowferry.endpoint}/${rowferry.bucket}`;

  const origin = 'https://evil.example';
  const form =
    '--x\r\ncontent-disposition: form-data; name="key"\r\n\r\nuploads/p.csv\r\n' +
    '--x\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\nname,mail\nEve,eve@evil.example\n\r\n--x--\r\n';
  const posted = await send(bucket, 'POST', { origin, 'content-type': 'multipart/form-data; boundary=x' }, form);
  const rebound = await send(`${bucket}?list-type=2`, 'GET', { host: 'evil.example' });
  const unsigned = await send(`${bucket}?list-type=2`, 'GET', {});
  const queue = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' };
  const queues = await send(rowferry.endpoint, 'POST', queue, '{}');
  for (const answer of [posted, rebound, unsigned, queues]) {
    expect(answer).toEqual({ status: 403, text: expect.stringContaining('AccessDenied') });
  }

  const file = join(DATA_DIR, 's3-sqs', 'aws-credentials');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(DATA_DIR, 's3-sqs')).mode & 0o777).toBe(0o700);
  expect(rowferry.output()).toContain(
    `AWS_SHARED_CREDENTIALS_FILE='${file}' aws --endpoint-url ${rowferry.endpoint} --region us-east-1 s3 ls s3://${rowferry.bucket}\n`,
  );
  expect(readFileSync(file, 'utf8')).toContain(rowferry.credentials.secretAccessKey);
  expect(rowferry.output()).not.toContain(rowferry.credentials.secretAccessKey);

  const serviceFile = join(DATA_DIR, 'pg_service.conf');
  expect(statSync(serviceFile).mode & 0o777).toBe(0o600);
  const { password } = new URL(rowferry.databaseUrl);
  expect(password).toMatch(/^[0-9a-f]{48}$/);
  expect(rowferry.output()).not.toContain(password);
  await rowferry.terminate();
  expect(existsSync(serviceFile)).toBe(false);
});
