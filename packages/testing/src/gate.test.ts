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
