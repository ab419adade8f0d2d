import { GetObjectCommand, type S3Client, S3ServiceException, UploadPartCommand } from '@aws-sdk/client-s3';
import { findUnfinishedUpload, listUploads } from '@rowferry/database';
import { keysOf } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { type ServedApi, serveApi } from '../../../test/serve-api.ts';
import { runMaintenance } from '../../operations/maintenance.ts';
import { planParts } from './plan.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

type Plan = {
  upload: { id: string; status: string };
  parts: { partNumber: number; sizeBytes: number; url: string; etag?: string | null }[];
  expiresAt: string;
  completeUrl: string;
};
type SentPart = { partNumber: number; etag: string };
type Answer = { status: number; headers: Headers; body: { code?: string; status?: string; errors?: object[] } };

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

async function planOf({ url }: ServedApi, sizeBytes: number, headers?: Record<string, string>): Promise<Plan> {
  const { status, body } = await post(`${url}/v1/uploads`, { fileName: 'große Liste.csv', sizeBytes }, headers);
  expect(status).toBe(201);
  return body as unknown as Plan;
}

/** PUTs each part as the plan says, the last first. */
async function sendParts({ parts }: Plan, content: Buffer, all = parts): Promise<SentPart[]> {
  const sent: SentPart[] = [];
  for (const { partNumber, sizeBytes, url } of parts.toReversed()) {
    const start = all.slice(0, partNumber - 1).reduce((sum, part) => sum + part.sizeBytes, 0);
    const response = await fetch(url, { method: 'PUT', body: content.subarray(start, start + sizeBytes) });
    expect(response.status).toBe(200);
    sent.push({ partNumber, etag: response.headers.get('etag') ?? '' });
  }
  return sent;
}

function bytesOf(size: number): Buffer {
  return Buffer.from(Array.from({ length: size / MIB }, (_, index) => String(index % 10).repeat(MIB)).join(''));
}

test.for<[number, number, number]>([
  [1, 1, 1],
  [8 * MIB, 1, 8 * MIB],
  [8 * MIB + 1, 2, 1],
  [GIB, 128, 8 * MIB],
  [5 * 1024 * GIB, 1024, 5 * GIB],
])('a file of %d bytes is %d parts, the last of %d bytes', ([size, count, last]) => {
  const parts = planParts(size);

  expect(parts).toHaveLength(count);
  expect(parts.at(-1)).toEqual({ partNumber: count, sizeBytes: last });
  expect(parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(size);
  expect(parts.slice(0, -1).every(({ sizeBytes }) => sizeBytes >= 5 * MIB && sizeBytes <= 5 * GIB)).toBe(true);
});

test('a file whose parts went straight to S3 is an upload like any other', async () => {
  const api = await serveApi();
  const content = bytesOf(20 * MIB);
  const plan = await planOf(api, content.length);
  expect(plan.upload.status).toBe('receiving');
  expect(plan.parts.map(({ sizeBytes }) => sizeBytes)).toEqual([8 * MIB, 8 * MIB, 4 * MIB]);
  expect(await keysOf(api.s3, api.bucket)).toEqual([]);

  const completed = await post(api.url + plan.completeUrl, { parts: await sendParts(plan, content) });

  expect(completed).toMatchObject({
    status: 202,
    body: { id: plan.upload.id, status: 'received', sizeBytes: 20 * MIB },
  });
  expect(completed.headers.get('location')).toBe(`/v1/uploads/${plan.upload.id}`);
  const [key = ''] = await keysOf(api.s3, api.bucket);
  expect(key).toMatch(new RegExp(`^uploads/${plan.upload.id}/`));
  expect(content.equals(await contentOf(api, key))).toBe(true);
});

async function contentOf({ s3, bucket }: ServedApi, Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

test('reporting again that all parts are in S3 returns the same answer', async () => {
  const api = await serveApi();
  const plan = await planOf(api, MIB);
  const parts = await sendParts(plan, bytesOf(MIB));
  const first = await post(api.url + plan.completeUrl, { parts });

  const again = await post(api.url + plan.completeUrl, { parts });

  expect(again).toMatchObject({ status: 202, body: first.body });
});

test('an answer that was lost after S3 had made the object does no harm', async () => {
  const api = await serveApi();
  const plan = await planOf(api, MIB);
  const parts = await sendParts(plan, bytesOf(MIB));
  await post(api.url + plan.completeUrl, { parts });
  await api.database.raw('update uploads set received_at = null, etag = null');

  const again = await post(api.url + plan.completeUrl, { parts });

  expect(again).toMatchObject({ status: 202, body: { status: 'received', sizeBytes: MIB } });
});

test('parts that are missing, strange, named twice or other than sent are a 409 that names them, and can be corrected', async () => {
  const api = await serveApi();
  const content = bytesOf(20 * MIB);
  const plan = await planOf(api, content.length);
  const sent = await sendParts(plan, content);
  const [three, two, one] = sent;
  if (one === undefined || two === undefined || three === undefined) throw new Error('three parts were sent');
  const complete = (parts: SentPart[]) => post(api.url + plan.completeUrl, { parts });

  expect(await complete([one, three])).toMatchObject({
    status: 409,
    body: { code: 'parts_missing', errors: [{ parameter: 'part 2', message: 'is missing' }] },
  });
  expect(await complete([...sent, { partNumber: 4, etag: '"x"' }])).toMatchObject({
    body: { code: 'parts_missing', errors: [{ parameter: 'part 4', message: 'is not in the plan' }] },
  });
  expect(await complete([...sent, one])).toMatchObject({
    body: { code: 'parts_missing', errors: [{ parameter: 'part 1', message: 'is named more than once' }] },
  });
  expect(await complete([one, { ...two, etag: three.etag }, three])).toMatchObject({
    status: 409,
    body: { code: 'parts_missing', errors: [{ parameter: 'part 2', message: 'is in S3 with another ETag' }] },
  });
  expect(await complete([])).toMatchObject({ status: 409, body: { code: 'parts_missing' } });
  expect(await keysOf(api.s3, api.bucket)).toEqual([]);
  expect((await complete(sent)).status).toBe(202);
});

test('a part that is not in S3 is a 409 that names it', async () => {
  const api = await serveApi();
  const plan = await planOf(api, MIB);

  expect(await post(api.url + plan.completeUrl, { parts: [{ partNumber: 1, etag: '"e"' }] })).toMatchObject({
    status: 409,
    body: { code: 'parts_missing', errors: [{ parameter: 'part 1', message: 'is not in S3' }] },
  });
});

/** Sends a part of any length: not every S3 holds a client to the length that its URL was signed for. */
async function putPart(
  { s3, database }: ServedApi,
  plan: Plan,
  partNumber: number,
  Body: Uint8Array,
): Promise<SentPart> {
  const upload = await findUnfinishedUpload(database, plan.upload.id);
  const address = { Bucket: upload?.bucket, Key: upload?.key, UploadId: upload?.multipartId ?? '' };
  const { ETag = '' } = await s3.send(new UploadPartCommand({ ...address, PartNumber: partNumber, Body }));
  return { partNumber, etag: ETag };
}

test.for<[string, number]>([
  ['fewer', 19 * MIB],
  ['more', 20.5 * MIB],
])('parts with %s bytes than were announced are a 409 that says so, and can be corrected', async ([, size]) => {
  const api = await serveApi();
  const content = bytesOf(20 * MIB);
  const plan = await planOf(api, content.length);
  const first = await sendParts({ ...plan, parts: plan.parts.slice(0, 2) }, content);
  const sent = [...first, await putPart(api, plan, 3, bytesOf(21 * MIB).subarray(16 * MIB, size))];
  const complete = (parts: SentPart[]) => post(api.url + plan.completeUrl, { parts });

  expect(await complete(sent)).toMatchObject({
    status: 409,
    body: {
      code: 'size_mismatch',
      detail: expect.stringContaining(`${20 * MIB} bytes were announced, and the parts in S3 have ${size}.`),
      errors: [{ parameter: 'part 3', message: `has ${size - 16 * MIB} bytes in S3, but must have ${4 * MIB}` }],
    },
  });
  expect(await keysOf(api.s3, api.bucket)).toEqual([]);

  const corrected = await complete(await sendParts(plan, content));
  expect(corrected).toMatchObject({ status: 202, body: { status: 'received', sizeBytes: 20 * MIB } });
  const [key = ''] = await keysOf(api.s3, api.bucket);
  expect(content.equals(await contentOf(api, key))).toBe(true);
});

test('a URL of the plan takes no more bytes than it says, and is for 24 hours', async () => {
  const api = await serveApi();
  const plan = await planOf(api, 9 * MIB);

  for (const { url } of plan.parts) {
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;host');
    expect(query.get('X-Amz-Expires')).toBe('86400');
  }
  const hours = (Date.parse(plan.expiresAt) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23.9);
  expect(hours).toBeLessThanOrEqual(24);
});

test.for<[string, unknown, number, string]>([
  ['no name', { sizeBytes: 1 }, 400, 'invalid_body'],
  ['no size', { fileName: 'a.csv' }, 400, 'invalid_body'],
  ['an empty file', { fileName: 'a.csv', sizeBytes: 0 }, 400, 'invalid_body'],
  ['half a byte', { fileName: 'a.csv', sizeBytes: 1.5 }, 400, 'invalid_body'],
  ['a size as text', { fileName: 'a.csv', sizeBytes: '9' }, 400, 'invalid_body'],
  ['a name with NUL', { fileName: 'a\0.csv', sizeBytes: 9 }, 400, 'invalid_body'],
  ['more than it takes', { fileName: 'a.csv', sizeBytes: 64 * MIB + 1 }, 413, 'file_too_large'],
  ['something else too', { fileName: 'a.csv', sizeBytes: 9, id: 'x' }, 400, 'invalid_body'],
  ['no object', [], 400, 'invalid_body'],
])('a plan for %s is refused, and nothing is left', async ([, body, status, code]) => {
  const api = await serveApi();

  expect(await post(`${api.url}/v1/uploads`, body)).toMatchObject({ status, body: { code } });

  expect((await listUploads(api.database, { limit: 1, offset: 0 })).total).toBe(0);
});

test('a file name is shown without directories and marks, as one in a form is', async () => {
  const { url } = await serveApi();
  const { body } = await post(`${url}/v1/uploads`, { fileName: '../../etc/a\u202efdp.csv', sizeBytes: 10 });
  expect(body).toMatchObject({ upload: { fileName: 'a_fdp.csv' } });
});

test('a body that is no JSON, not said to be JSON, or too large is refused', async () => {
  const { url } = await serveApi();
  const send = async (body: string, type: string) => {
    const response = await fetch(`${url}/v1/uploads`, { method: 'POST', headers: { 'content-type': type }, body });
    return [response.status, ((await response.json()) as { code: string }).code];
  };

  expect(await send('{', 'application/json')).toEqual([400, 'malformed_json']);
  expect(await send('{}', 'text/plain')).toEqual([415, 'not_json']);
  expect(await send('{}', 'application/json; charset=iso-8859-1')).toEqual([415, 'not_json']);
  expect(await send(`{"fileName":"${'x'.repeat(2 * MIB)}"}`, 'application/json')).toEqual([413, 'body_too_large']);
});

test('with a key, the same plan is answered again, and another content is refused', async () => {
  const api = await serveApi();
  const key = { 'idempotency-key': 'k1' };
  const plan = await planOf(api, MIB, key);

  expect(await planOf(api, MIB, key)).toEqual(plan);
  const other = await post(`${api.url}/v1/uploads`, { fileName: 'other.csv', sizeBytes: MIB }, key);

  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  expect((await listUploads(api.database, { limit: 1, offset: 0 })).total).toBe(1);
});

test('an upload that is not completed in time fails as interrupted, and S3 takes no more parts of it', async () => {
  const api = await serveApi();
  const plan = await planOf(api, MIB);
  const inTime = await planOf(api, MIB);
  const parts = await sendParts(plan, bytesOf(MIB));
  await api.database.raw(`update uploads set expires_at = now() - interval '2 minutes' where id = ?`, [plan.upload.id]);
  const failed = { status: 'failed', failure: { code: 'upload_interrupted' } };
  const show = async () => (await fetch(`${api.url}/v1/uploads/${plan.upload.id}`)).json();
  expect(await show()).toMatchObject(failed);
  expect(await post(api.url + plan.completeUrl, { parts })).toMatchObject({
    status: 409,
    body: { code: 'upload_closed' },
  });

  await runMaintenance({ ...api, logger: api.log.logger });
  await runMaintenance({ ...api, logger: api.log.logger });

  const failures = api.log.entries.filter(({ msg }) => msg === 'upload failed');
  expect(failures).toMatchObject([{ uploadId: plan.upload.id, status: 'failed', code: 'upload_interrupted' }]);
  expect(await show()).toMatchObject(failed);
  const [part] = plan.parts;
  expect((await fetch(part?.url ?? '', { method: 'PUT', body: bytesOf(MIB) })).status).toBe(404);
  expect(await post(api.url + plan.completeUrl, { parts })).toMatchObject({
    status: 409,
    body: { code: 'upload_closed' },
  });
  expect(await keysOf(api.s3, api.bucket)).toEqual([]);
  const done = await post(api.url + inTime.completeUrl, { parts: await sendParts(inTime, bytesOf(MIB)) });
  expect(done.status).toBe(202);
});

test('uploads whose parts S3 refuses to remove expire all the same', async () => {
  const api = await serveApi();
  await planOf(api, MIB);
  await planOf(api, MIB);
  await api.database.raw(`update uploads set expires_at = now() - interval '2 minutes'`);
  refuseAborting(api.s3);

  await runMaintenance({ ...api, logger: api.log.logger });

  const { rows } = await api.database.raw(`select failure->>'code' as code from uploads`);
  expect(rows).toEqual([{ code: 'upload_interrupted' }, { code: 'upload_interrupted' }]);
  expect(api.log.text()).toContain('parts of an expired upload could not be removed from S3');
});

/** S3 as it is to a role that lacks the right, which the emulator knows nothing of. */
function refuseAborting(s3: S3Client): void {
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (request) => {
        if (commandName !== 'AbortMultipartUploadCommand') return next(request);
        throw new S3ServiceException({
          name: 'AccessDenied',
          message: 'Access Denied',
          $fault: 'client',
          $metadata: { httpStatusCode: 403 },
        });
      },
    { step: 'initialize' },
  );
}

test('an upload whose file this server receives itself cannot be completed from outside', async () => {
  const api = await serveApi();
  await api.database.raw(
    `insert into uploads (id, bucket, object_key, file_name) values ('01930000-0000-7000-8000-000000000000', 'b', 'k', 'f')`,
  );

  const url = `${api.url}/v1/uploads/01930000-0000-7000-8000-000000000000/complete`;

  expect(await post(url, { parts: [] })).toMatchObject({ status: 409, body: { code: 'upload_closed' } });
  expect(await post(url.replace('0193', '0194'), { parts: [] })).toMatchObject({
    status: 404,
    body: { code: 'upload_not_found' },
  });
});

test('a client that broke off learns which parts are in S3, sends the others to new URLs, and completes', async () => {
  const api = await serveApi();
  const content = bytesOf(20 * MIB);
  const plan = await planOf(api, content.length);
  const put = await fetch(plan.parts[0]?.url ?? '', { method: 'PUT', body: content.subarray(0, 8 * MIB) });
  // A part of another size is as good as none.
  await putPart(api, plan, 3, content.subarray(0, MIB));

  const again = (await (await fetch(`${api.url}/v1/uploads/${plan.upload.id}/parts`)).json()) as Plan;

  const etag = put.headers.get('etag')?.replaceAll('"', '');
  expect(again.parts.map((part) => part.etag)).toEqual([etag, null, null]);
  expect(again).toMatchObject({ upload: plan.upload, expiresAt: plan.expiresAt, completeUrl: plan.completeUrl });
  const missing = again.parts.filter((part) => part.etag === null);
  const sent = await sendParts({ ...again, parts: missing }, content, again.parts);
  const completed = await post(api.url + again.completeUrl, {
    parts: [...sent, { partNumber: 1, etag: again.parts[0]?.etag }],
  });
  expect(completed.status).toBe(202);
});

test('an upload that is given up is forgotten with its parts; one that has its file is not', async () => {
  const api = await serveApi();
  const [given, kept] = [await planOf(api, MIB), await planOf(api, MIB)];
  await sendParts(given, bytesOf(MIB));
  await post(api.url + kept.completeUrl, { parts: await sendParts(kept, bytesOf(MIB)) });
  const abandon = async ({ upload }: Plan) =>
    (await fetch(`${api.url}/v1/uploads/${upload.id}/parts`, { method: 'DELETE' })).status;

  expect([await abandon(given), await abandon(kept), await abandon(given)]).toEqual([204, 409, 404]);

  const { uploads } = await listUploads(api.database, { limit: 10, offset: 0, status: undefined });
  expect(uploads.map(({ id }) => id)).toEqual([kept.upload.id]);
  const late = await fetch(given.parts[0]?.url ?? '', { method: 'PUT', body: bytesOf(MIB) });
  expect(late.status).toBe(404);
});

test.for<[why: string, headers: Record<string, string>, settings: { directUploadBytes?: number }, from: number | null]>(
  [
    ['on this machine', {}, {}, 100 * MIB],
    ['with another size in the environment', {}, { directUploadBytes: 5 }, 5],
    ['through a proxy, behind which the store cannot be reached', { 'x-forwarded-for': '10.0.0.1' }, {}, null],
  ],
)('the limits say from which size on a file goes straight to S3: %s', async ([, headers, settings, partsFromBytes]) => {
  const { url } = await serveApi(() => settings);

  const limits = await (await fetch(`${url}/v1/limits`, { headers })).json();

  expect(limits).toEqual({ maxFileBytes: 64 * MIB, partsFromBytes });
});
