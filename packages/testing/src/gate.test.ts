import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { setupGate } from './gate.ts';

async function setupService() {
  const server = createServer((_request, response) => response.end('here'));
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
}

test('a gate lets through until it is shut, and again, under the same address, when it is open', async () => {
  const gate = await setupGate(await setupService());
  const ask = async () => (await fetch(gate.url)).text();

  expect(await ask()).toBe('here');
  await gate.shut();
  await expect(ask()).rejects.toThrow();
  await gate.open();
  expect(await ask()).toBe('here');
});

test('a gate that hangs takes connections, new ones too, and says nothing', async () => {
  const gate = await setupGate(await setupService());
  const ask = (signal: AbortSignal) => fetch(gate.url, { signal });
  expect((await ask(AbortSignal.timeout(5000))).status).toBe(200);

  gate.hang();

  for (let connection = 0; connection < 2; connection++) {
    await expect(ask(AbortSignal.timeout(500))).rejects.toMatchObject({ name: 'TimeoutError' });
  }
});
