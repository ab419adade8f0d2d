import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { serveHttp } from './serve-http.ts';
import { setupProxy } from './tcp-proxy.ts';

function setupService() {
  return serveHttp((_request, response) => response.end('here'));
}

test('a proxy lets through until it is shut, and again, under the same address, when it is open', async () => {
  const proxy = await setupProxy(await setupService());
  const ask = async () => (await fetch(proxy.url)).text();

  expect(await ask()).toBe('here');
  await proxy.shut();
  await expect(ask()).rejects.toThrow();
  await proxy.open();
  expect(await ask()).toBe('here');
});

test('a proxy that hangs takes connections, new ones too, and says nothing', async () => {
  const proxy = await setupProxy(await setupService());
  const ask = (signal: AbortSignal) => fetch(proxy.url, { signal });
  expect((await ask(AbortSignal.timeout(5000))).status).toBe(200);

  proxy.hang();

  for (let connection = 0; connection < 2; connection++) {
    await expect(ask(AbortSignal.timeout(500))).rejects.toMatchObject({ name: 'TimeoutError' });
  }
});

/** Asks on a connection of its own; undici, behind fetch, would use one that is lost again. */
async function askAnew(url: string, signal?: AbortSignal): Promise<string> {
  const request = get(url, { agent: false, ...(signal && { signal }) });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return Buffer.concat(await response.toArray()).toString();
}

test('a proxy that cuts breaks the connections that stand, and takes new ones', async () => {
  const proxy = await setupProxy(await setupService());
  const socket = connect({ host: '127.0.0.1', port: proxy.port });
  const broken = once(socket, 'close');
  socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  await once(socket, 'data');

  expect(proxy.cut()).toBe(1);

  await expect(broken).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await askAnew(proxy.url)).toBe('here');
});

test('what a proxy stalls comes late, what it swallows in a black hole never', async () => {
  const proxy = await setupProxy(await setupService());
  const start = performance.now();

  const stalled = proxy.stall(300);
  expect(await askAnew(proxy.url)).toBe('here');
  expect(performance.now() - start).toBeGreaterThanOrEqual(299);
  expect(await stalled).toBeGreaterThan(0);

  const swallowing = proxy.blackhole(300);
  const swallowed = expect(askAnew(proxy.url, AbortSignal.timeout(1000))).rejects.toMatchObject({ name: 'AbortError' });
  expect(await swallowing).toBeGreaterThan(0);
  await swallowed;
  expect(await askAnew(proxy.url)).toBe('here');
});
