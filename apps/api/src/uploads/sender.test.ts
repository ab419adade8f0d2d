import { expect, test } from 'vitest';
import { serveTrusting, sign, startIssuer } from '../../test/issuer.ts';
import { makeKey, NOTICED } from '../../test/make-key.ts';
import { fileForm, type ServedApi, serveApi } from '../../test/serve-api.ts';

const CSV = 'name,company,email\nJane,Acme,jane@x.org\n';

type Sent = { id: string; sentBy: { kind: string; id: string; name: string | null } | null };

function client({ url }: ServedApi, credentials: string | undefined) {
  const authorization: Record<string, string> =
    credentials === undefined ? {} : { authorization: `Bearer ${credentials}` };
  return {
    status: async () => (await fetch(`${url}/v1/uploads`, { headers: authorization })).status,
    send: async () => {
      const sent = await fetch(`${url}/v1/employee-data-upload`, {
        method: 'POST',
        headers: authorization,
        body: fileForm(CSV),
      });
      return (await sent.json()) as Sent;
    },
    plan: async () => {
      const planned = await fetch(`${url}/v1/uploads`, {
        method: 'POST',
        headers: { ...authorization, 'content-type': 'application/json' },
        body: '{"fileName":"f.csv","sizeBytes":9}',
      });
      return ((await planned.json()) as { upload: Sent }).upload;
    },
    show: async ({ id }: Sent) => {
      const shown = await fetch(`${url}/v1/uploads/${id}`, { headers: authorization });
      return ((await shown.json()) as Sent).sentBy;
    },
  };
}

test('an upload says whose key it was sent with, to those who may read it, and that it was sent without one', async () => {
  const api = await serveApi();
  const anonymous = await client(api, undefined).send();
  const { id, key } = await makeKey(api, 'read', 'upload');
  const uploader = client(api, (await makeKey(api, 'upload')).key);
  const reader = client(api, key);
  await expect.poll(reader.status, NOTICED).toBe(200);

  const sent = await reader.send();
  const planned = await reader.plan();
  const sentToWrite = await uploader.send();

  const sentBy = { kind: 'key', id, name: 'test' };
  expect(sent).toMatchObject({ sentBy });
  expect(planned).toMatchObject({ sentBy });
  expect(await Promise.all([sent, planned, anonymous].map(reader.show))).toEqual([sentBy, sentBy, null]);
  expect(sentToWrite.sentBy).toBeNull();
  expect(await reader.show(sentToWrite)).toMatchObject({ kind: 'key', name: 'test' });
});

test.each([
  [{ name: ' Jane Doe ', email: 'jane@x.org' }, 'Jane Doe'],
  [{ name: '', preferred_username: 'jane' }, 'jane'],
  [{ name: 7, email: 'jane@x.org' }, 'jane@x.org'],
  [{}, null],
])('a token names its subject as its claims do: %j', async (claims, name) => {
  const issuer = await startIssuer();
  const api = await serveTrusting(issuer);
  const token = await sign(issuer, { scope: 'read upload', subject: 's-42', claims });

  const sent = await client(api, token).send();

  expect(await client(api, token).show(sent)).toEqual({ kind: 'token', id: 's-42', name });
  expect(api.log.text()).not.toMatch(/s-42|jane/i);
});
