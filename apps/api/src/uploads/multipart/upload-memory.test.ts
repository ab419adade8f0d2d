import { expect, test } from 'vitest';
import { answerOf, END_OF_BODY, openFilePart, startUpload } from '../../../test/raw-request.ts';
import { fileForm, type ServedApi, serveApi } from '../../../test/serve-api.ts';

const MIB = 1024 * 1024;
const CSV = 'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n';

/** Begins a large upload and waits until it is being received. */
async function beginLargeUpload({ url, database }: ServedApi, headers: Record<string, string> = {}) {
  const upload = startUpload(Number(new URL(url).port), headers);
  upload.write(openFilePart(CSV.repeat(MIB / CSV.length)));
  await expect.poll(async () => (await database.raw('select from uploads')).rows.length).toBe(1);
  return upload;
}

async function sendSmall({ url }: ServedApi, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/employee-data-upload`, { method: 'POST', headers, body: fileForm(CSV) });
}

test('files that would fill the memory for uploads are refused until there is room again', async () => {
  const api = await serveApi(() => ({ uploadMemoryBytes: 24 * MIB }));
  // Without a length it could be of any size.
  const large = await beginLargeUpload(api);

  const refused = await sendSmall(api, { 'idempotency-key': 'k' });

  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await refused.json()).toMatchObject({ code: 'busy' });
  expect((await fetch(`${api.url}/v1/uploads`)).status).toBe(200);
  large.end(END_OF_BODY);
  expect(await answerOf(large)).toMatchObject({ status: 202 });
  expect((await sendSmall(api, { 'idempotency-key': 'k' })).status).toBe(202);
});

test('a client that disconnects frees memory', async () => {
  const api = await serveApi(() => ({ uploadMemoryBytes: 24 * MIB }));
  const large = await beginLargeUpload(api);

  large.destroy();

  await expect.poll(async () => (await sendSmall(api)).status, { timeout: 10_000 }).toBe(202);
});

test('a small file takes no more room than it needs', async () => {
  const api = await serveApi(() => ({ uploadMemoryBytes: 25 * MIB }));
  const large = await beginLargeUpload(api);

  const small = await Promise.all(Array.from({ length: 20 }, () => sendSmall(api)));

  expect(new Set(small.map(({ status }) => status))).toEqual(new Set([202]));
  large.destroy();
});
