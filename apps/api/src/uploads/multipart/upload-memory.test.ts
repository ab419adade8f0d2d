import type { ClientRequest } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { makeKey, NOTICED } from '../../../test/make-key.ts';
import { answerOf, END_OF_BODY, openFilePart, startUpload } from '../../../test/raw-request.ts';
import { fileForm, type ServedApi, serveApi } from '../../../test/serve-api.ts';

const MIB = 1024 * 1024;
const CSV = 'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n';

/** Begins an upload, of which so many bytes come, and waits until it is being received. */
async function beginUpload(api: ServedApi, bytes: number, headers: Record<string, string> = {}) {
  const before = await countUploads(api);
  const upload = startUpload(Number(new URL(api.url).port), headers);
  upload.write(openFilePart(CSV.repeat(bytes / CSV.length)));
  await expect.poll(() => countUploads(api)).toBe(before + 1);
  return upload;
}

/** Begins a large upload and waits until as much of it has come as a file can hold in memory. */
async function beginLargeUpload(api: ServedApi, headers: Record<string, string> = {}) {
  const upload = await beginUpload(api, 100_000, headers);
  await sendThreeParts(api, upload);
  return upload;
}

/** Goes on with an upload until its third part, each of 8 MiB, is on its way to S3. */
async function sendThreeParts({ s3 }: ServedApi, upload: ClientRequest): Promise<void> {
  let parts = 0;
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'UploadPartCommand') parts++;
        return next(args);
      },
    { step: 'initialize' },
  );
  upload.write(CSV.repeat((25 * MIB) / CSV.length));
  await expect.poll(() => parts, { timeout: 30_000 }).toBe(3);
}

async function countUploads({ database }: ServedApi): Promise<number> {
  return (await database.raw('select from uploads')).rows.length;
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
  expect((await sendSmall(api)).status).toBe(503);

  large.destroy();

  await expect.poll(async () => (await sendSmall(api)).status, { timeout: 10_000 }).toBe(202);
});

test('a small file takes no more room than it needs', async () => {
  const api = await serveApi(() => ({ uploadMemoryBytes: 50 * MIB }));
  const large = await beginLargeUpload(api);

  const small = await Promise.all(Array.from({ length: 20 }, () => sendSmall(api)));

  expect(new Set(small.map(({ status }) => status))).toEqual(new Set([202]));
  large.destroy();
});

test('clients that announce large files and fall silent do not keep others out', async () => {
  const api = await serveApi(() => ({ uploadMemoryBytes: 96 * MIB }));
  const announced = { 'content-length': String(24 * MIB) };
  const silent: ClientRequest[] = [];
  for (let client = 0; client < 20; client++) silent.push(await beginUpload(api, 100_000, announced));

  const honest = await fetch(`${api.url}/v1/employee-data-upload`, {
    method: 'POST',
    body: fileForm(CSV.repeat((8 * MIB) / CSV.length)),
  });

  expect(honest.status).toBe(202);
  // The API would wait for them for a minute before it stops.
  for (const upload of silent) upload.destroy();
});

test('one caller gets half of the memory at most; the other half is for others', async () => {
  const api = await serveApi(() => ({ uploadMemoryBytes: 48 * MIB }));
  const [one, two] = [await makeKey(api, 'upload'), await makeKey(api, 'upload')];
  const as = ({ key }: { key: string }) => ({ authorization: `Bearer ${key}` });
  await expect.poll(async () => (await sendSmall(api)).status, NOTICED).toBe(401);
  const large = await beginLargeUpload(api, as(one));

  const refused = await sendSmall(api, as(one));
  expect(await refused.json()).toMatchObject({ code: 'busy', detail: expect.stringContaining('your share') });
  expect((await sendSmall(api, as(two))).status).toBe(202);
  large.destroy();
});

test('a file that no memory is left for is refused while it comes, and nothing of it is left', async () => {
  const api = await serveApi(() => ({ uploadMemoryBytes: 50 * MIB }));
  const first = await beginUpload(api, 100_000);
  const second = await beginUpload(api, 100_000);
  await sendThreeParts(api, first);

  const answer = answerOf(second);
  second.write(CSV.repeat((25 * MIB) / CSV.length));

  expect(await answer).toMatchObject({ status: 503, body: { code: 'busy' } });
  await expect.poll(() => countUploads(api)).toBe(1);
  first.end(END_OF_BODY);
  expect(await answerOf(first)).toMatchObject({ status: 202 });
});

test.for(['', '?dryRun=true'])(
  'a client that falls silent is told so, and nothing of its file is left: %j',
  async (query) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const api = await serveApi(() => ({ uploadMemoryBytes: 24 * MIB }));
    const upload = startUpload(Number(new URL(api.url).port), {}, query);
    const answer = answerOf(upload);
    upload.write(openFilePart(CSV.repeat(MIB / CSV.length)));
    let answered = false;
    void answer.then(() => {
      answered = true;
    });

    await expect
      .poll(() => {
        vi.advanceTimersByTime(30_000);
        return answered;
      })
      .toBe(true);

    expect(await answer).toMatchObject({ status: 408, body: { code: 'request_timeout' } });
    await expect.poll(() => countUploads(api)).toBe(0);
    expect((await sendSmall(api)).status).toBe(202);
  },
);
