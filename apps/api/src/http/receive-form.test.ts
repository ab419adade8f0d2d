import { keysOf } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { rawClient } from '../../test/raw-client.ts';
import { serveApi } from '../../test/serve-api.ts';

const PATH = '/v1/employee-data-upload';
const PART = '--b\r\nContent-Disposition: form-data; name="employee_data"; filename="staff.csv"\r\n\r\n';

test.for([
  ['whose headers run straight into the last boundary', `${PART}--b\r\n--`],
  ['the same, to its very end', `${PART}--b--\r\n`],
  ['without its last boundary', `${PART}a,b\n1,2\n`],
  ['without anything after its headers', PART],
  ['that ends within the last boundary', `${PART}a,b\n1,2\n\r\n--b`],
])('a file %s is refused at once, and nothing of it is left', async ([, body = '']) => {
  const { url, s3, bucket, database } = await serveApi();
  const send = rawClient(url);
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const post = (path: string, more = {}) =>
    send({ method: 'POST', path, headers: { ...headers, ...more }, body: Buffer.from(body) });

  const answers = [await post(PATH), await post(`${PATH}?dryRun=true`), await post(PATH, { 'idempotency-key': 'k' })];

  for (const { status, text } of answers) {
    expect([status, JSON.parse(text)]).toEqual([400, expect.objectContaining({ code: 'malformed_multipart' })]);
  }
  expect(await keysOf(s3, bucket)).toEqual([]);
  await expect.poll(async () => (await database.raw('select from uploads')).rows).toEqual([]);
  await expect.poll(async () => (await database.raw('select from idempotency_keys')).rows).toEqual([]);
});
