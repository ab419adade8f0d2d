import { request } from 'node:http';
import { serveHttp } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { insertEmployees } from '../../test/insert-employees.ts';
import { fileForm, serveApi } from '../../test/serve-api.ts';

const PREFIX = '/tools/rowferry';

/** A reverse proxy that passes on what is below the prefix, without it, and knows nothing else. */
function serveProxy(target: string): Promise<string> {
  return serveHttp((incoming, answer) => {
    const { url = '', method, headers } = incoming;
    if (!url.startsWith(`${PREFIX}/`)) return void answer.writeHead(418).end();
    const passed = request(new URL(url.slice(PREFIX.length), target), { method, headers, agent: false }, (response) => {
      answer.writeHead(response.statusCode ?? 0, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(passed);
  });
}

async function setup() {
  const api = await serveApi(() => ({ publicUrl: `https://hr.example.com${PREFIX}/` }));
  return { ...api, proxy: await serveProxy(api.url) };
}

test('what the API links to is found through a proxy that takes a prefix off', async () => {
  const { proxy, database } = await setup();
  await insertEmployees(database, [{ email: 'a@x.org' }, { email: 'b@x.org' }]);
  const follow = async (path: string | null | undefined, init?: RequestInit) => {
    expect(path).toMatch(/^\/tools\/rowferry\//);
    return fetch(proxy + path, init);
  };

  const sent = await follow(`${PREFIX}/v1/employee-data-upload`, {
    method: 'POST',
    body: fileForm('name,company,email\n'),
  });
  expect(sent.status).toBe(202);
  expect((await follow(sent.headers.get('location'))).status).toBe(200);

  const planned = await follow(`${PREFIX}/v1/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
    body: JSON.stringify({ fileName: 'f.csv', sizeBytes: 9 }),
  });
  const { completeUrl } = (await planned.json()) as { completeUrl: string };
  expect((await follow(planned.headers.get('location'))).status).toBe(200);
  const completed = await follow(completeUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ parts: [{ partNumber: 1, etag: 'x' }] }),
  });
  expect(await completed.json()).toMatchObject({ code: 'parts_missing' });

  const page = await follow(`${PREFIX}/v1/employees?limit=1`);
  const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
  expect(await (await follow(next)).json()).toMatchObject({ data: [{ email: 'b@x.org' }] });
});

test('the page at /docs loads what it needs through the proxy, and so do the requests that it makes', async () => {
  const { proxy } = await setup();

  for (const path of ['/docs', '/docs/']) {
    const page = await (await fetch(proxy + PREFIX + path)).text();
    const assets = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, asset]) => asset);
    expect(assets).toHaveLength(13);
    for (const asset of assets) {
      const answer = await fetch(proxy + asset, { headers: { Accept: 'text/html, */*;q=0.1' } });
      expect(answer.status, asset).toBe(200);
    }
  }
  const start = await (await fetch(`${proxy}${PREFIX}/docs/start.js`)).text();
  const document = await fetch(proxy + /url: '([^']+)'/.exec(start)?.[1]);
  expect(await document.json()).toMatchObject({ servers: [{ url: PREFIX }] });
});

test('without PUBLIC_URL nothing has a prefix', async () => {
  const { url } = await serveApi();
  expect((await fetch(`${url}/v1/employees`)).headers.get('link')).toContain('</v1/employees?');
  expect(await (await fetch(`${url}/openapi.json`)).json()).toMatchObject({ servers: [{ url: '/' }] });
});
