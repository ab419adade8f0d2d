import { randomUUID } from 'node:crypto';
import { type Attempt, addApiKey, claimKey, generateApiKey, noteAttempt } from '@rowferry/database';
import { keysOf } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { answerOf, END_OF_BODY, openFilePart, startUpload } from '../../test/raw-request.ts';
import { fileForm, type ServedApi, serveApi } from '../../test/serve-api.ts';
import { KEYS_FRESH_MS } from '../access/key-ring.ts';

const CSV = 'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n';
const OTHER_CSV = CSV.replace('Jane', 'Joan');
const PATH = '/v1/employee-data-upload';

type Sent = { status: number; body: { id: string; code?: string; duplicateOf: string | null }; headers: Headers };

async function send({ url }: ServedApi, csv: string, headers: Record<string, string> = {}): Promise<Sent> {
  const response = await fetch(url + PATH, { method: 'POST', body: fileForm(csv), headers });
  return { status: response.status, body: (await response.json()) as Sent['body'], headers: response.headers };
}

const withKey = (key: string) => ({ 'idempotency-key': key });

test('the same content with the same key is answered as the first time, and is one upload', async () => {
  const api = await serveApi();

  const first = await send(api, CSV, withKey('k1'));
  const second = await send(api, CSV, withKey('k1'));

  expect(first.status).toBe(202);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(second.status).toBe(202);
  expect(second.body).toEqual(first.body);
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(await keysOf(api.s3, api.bucket)).toHaveLength(1);
});

test('other content with the same key is refused, and the first stays what it was', async () => {
  const api = await serveApi();
  const first = await send(api, CSV, withKey('k1'));

  const other = await send(api, OTHER_CSV, withKey('k1'));

  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  expect(await keysOf(api.s3, api.bucket)).toHaveLength(1);
  expect((await send(api, CSV, withKey('k1'))).body).toEqual(first.body);
});

test('while the first is under way the second is told to wait, and then answered the same', async () => {
  const api = await serveApi();
  const first = startUpload(Number(new URL(api.url).port), withKey('k1'));
  first.write(openFilePart(CSV));
  await expect.poll(async () => (await api.database.raw('select from idempotency_keys')).rows).toHaveLength(1);

  const early = await send(api, CSV, withKey('k1'));
  first.end(END_OF_BODY);
  const answer = await answerOf(first);

  expect(early).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
  expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.status).toBe(202);
  expect((await send(api, CSV, withKey('k1'))).body).toEqual(answer.body);
});

test('several at the same time with one key are one upload', async () => {
  const api = await serveApi();

  const all = await Promise.all(Array.from({ length: 8 }, () => send(api, CSV, withKey('k1'))));

  const ids = new Set(all.filter(({ status }) => status === 202).map(({ body }) => body.id));
  expect(ids.size).toBe(1);
  expect(all.every(({ status }) => status === 202 || status === 409)).toBe(true);
  expect(await keysOf(api.s3, api.bucket)).toHaveLength(1);
});

test('a request that failed, or whose client left, frees its key', async () => {
  const api = await serveApi();
  const keys = async () => (await api.database.raw('select from idempotency_keys')).rows;

  const refused = await fetch(api.url + PATH, {
    method: 'POST',
    body: fileForm(CSV, { field: 'wrong' }),
    headers: withKey('k1'),
  });
  expect(refused.status).toBe(400);
  expect(await keys()).toEqual([]);
  const left = startUpload(Number(new URL(api.url).port), withKey('k1'));
  left.write(openFilePart(CSV));
  await expect.poll(keys).toHaveLength(1);
  left.destroy();
  await expect.poll(keys).toEqual([]);

  expect((await send(api, CSV, withKey('k1'))).status).toBe(202);
});

/** What a process leaves behind that dies after it noted what it was about to make. */
async function dieWith({ database }: ServedApi, key: string, attempt: Attempt): Promise<void> {
  const claim = { caller: 'anybody', operation: 'sendFile', key, id: randomUUID() };
  await claimKey(database, claim, 0);
  await noteAttempt(database, claim, attempt);
}

test('a process that died blocks its key no longer than its claim', async () => {
  const api = await serveApi();
  await dieWith(api, 'k1', { fingerprint: null, uploadId: null });

  expect((await send(api, CSV, withKey('k1'))).status).toBe(202);
});

test('a process that died with the file stored but not answered: the next try finds the upload', async () => {
  const api = await serveApi();
  const made = await send(api, CSV);
  const { rows } = await api.database.raw('select sha256 from uploads');
  await dieWith(api, 'k1', { fingerprint: rows[0].sha256, uploadId: made.body.id });

  const retried = await send(api, CSV, withKey('k1'));

  expect(retried).toMatchObject({ status: 202, body: { id: made.body.id } });
  expect(await keysOf(api.s3, api.bucket)).toHaveLength(1);
  expect((await send(api, CSV, withKey('k1'))).body.id).toBe(made.body.id);
});

test('a process that died before the file was stored: the next try stores it', async () => {
  const api = await serveApi();
  const { body } = await send(api, CSV);
  const { rows } = await api.database.raw('update uploads set received_at = null where id = ? returning sha256', [
    body.id,
  ]);
  await dieWith(api, 'k1', { fingerprint: rows[0].sha256, uploadId: body.id });

  const retried = await send(api, CSV, withKey('k1'));

  expect(retried.status).toBe(202);
  expect(retried.body.id).not.toBe(body.id);
});

test('an answer is kept for 24 hours', async () => {
  const api = await serveApi();
  const first = await send(api, CSV, withKey('k1'));
  const age = (interval: string) =>
    api.database.raw(
      'update idempotency_keys set created_at = now() - ?::interval, claimed_until = now() - ?::interval',
      [interval, interval],
    );

  await age('23 hours 59 minutes');
  expect((await send(api, CSV, withKey('k1'))).body.id).toBe(first.body.id);
  await age('24 hours 1 minute');

  const later = await send(api, OTHER_CSV, withKey('k1'));
  expect(later.status).toBe(202);
  expect(later.body.id).not.toBe(first.body.id);
});

test('callers do not see each other’s keys', async () => {
  const api = await serveApi();
  const make = async () => {
    const { id, key, hash } = generateApiKey();
    await addApiKey(api.database, { id, name: 'test', scopes: ['upload'], hash });
    return { authorization: `Bearer ${key}`, ...withKey('k1') };
  };
  const [mine, theirs] = [await make(), await make()];
  await expect.poll(async () => (await send(api, CSV, mine)).status, { timeout: KEYS_FRESH_MS + 8000 }).toBe(202);

  expect((await send(api, OTHER_CSV, theirs)).status).toBe(202);
});

test.for(['with space', 'üml\u00e4ut', 'x'.repeat(256)])('the key %j is refused', async (key) => {
  const api = await serveApi();

  expect(await send(api, CSV, withKey(key))).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
});

test('without a key, the same bytes are a new upload that names the latest earlier one', async () => {
  const api = await serveApi();

  const first = await send(api, CSV);
  const second = await send(api, CSV);
  const third = await send(api, CSV, withKey('k1'));
  const other = await send(api, OTHER_CSV);

  expect(first.body.duplicateOf).toBeNull();
  expect(second.body.duplicateOf).toBe(first.body.id);
  expect(third.body.duplicateOf).toBe(second.body.id);
  expect(other.body.duplicateOf).toBeNull();
  const shown = await fetch(`${api.url}/v1/uploads/${second.body.id}`);
  expect(await shown.json()).toMatchObject({ duplicateOf: first.body.id });
});
