import { type Database, failUpload, openUpload, receiveUpload, revokeApiKey } from '@rowferry/database';
import type { SourceObject } from '@rowferry/messages';
import { anUpload } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { serveTrusting, sign, startIssuer } from '../../test/issuer.ts';
import { makeKey, NOTICED } from '../../test/make-key.ts';
import { type ServedApi, serveApi } from '../../test/serve-api.ts';

async function uploadUnderWay(database: Database): Promise<SourceObject> {
  const upload = anUpload();
  await openUpload(database, upload);
  await receiveUpload(database, upload.id, { sizeBytes: upload.sizeBytes, sha256: 'x', etag: upload.etag });
  return upload;
}

function follow({ url }: ServedApi, { id }: SourceObject, credentials?: string): Promise<Response> {
  const headers = credentials === undefined ? {} : { authorization: `Bearer ${credentials}` };
  return fetch(`${url}/v1/uploads/${id}/events`, { headers });
}

const refused = (detail: string) =>
  new RegExp(`\n\nevent: refused\ndata: {"code":"unauthorized","detail":"${detail}"}\n\n$`);

test('events end when their key is revoked; a client that comes back is refused, and others go on', async () => {
  const api = await serveApi();
  const upload = await uploadUnderWay(api.database);
  const [mine, theirs] = [await makeKey(api, 'read'), await makeKey(api, 'read')];
  await expect.poll(async () => (await fetch(`${api.url}/v1/uploads`)).status, NOTICED).toBe(401);
  const [events, others] = [await follow(api, upload, mine.key), await follow(api, upload, theirs.key)];

  await revokeApiKey(api.database, mine.id);

  expect(await events.text()).toMatch(refused('The API key is not known, or was revoked.'));
  expect((await follow(api, upload, mine.key)).status).toBe(401);
  await failUpload(api.database, upload, { code: 'not_csv', detail: 'It is a picture.' });
  const text = await others.text();
  expect(text).toContain('event: completed');
  expect(text).not.toContain('refused');
});

test('events for everybody end when there is a first key', async () => {
  const api = await serveApi();
  const upload = await uploadUnderWay(api.database);
  const events = await follow(api, upload);
  expect(events.status).toBe(200);

  await makeKey(api, 'read');

  expect(await events.text()).toMatch(refused('Send an API key as Authorization: Bearer.'));
  expect((await follow(api, upload)).status).toBe(401);
});

test('events end when their token expires', async () => {
  const issuer = await startIssuer();
  const api = await serveTrusting(issuer);
  const upload = await uploadUnderWay(api.database);
  // Clocks may differ by 30 seconds.
  const token = await sign(issuer, { expires: '-26s' });

  const events = await follow(api, upload, token);

  expect(events.status).toBe(200);
  expect(await events.text()).toMatch(refused('The token has expired.'));
});
