import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { EmbeddedError } from './embedded-error.ts';
import { freePort, requireFreePort } from './free-port.ts';

test('a free port can be listened on, and is then no longer free', async () => {
  const port = await freePort();
  await requireFreePort(port, 'Postgres');
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((listening) => void server.listen(port, '127.0.0.1', listening));
  await expect(requireFreePort(port, 'Postgres')).rejects.toThrow(
    new EmbeddedError(`Port ${port} for Postgres is in use: stop what listens there, or start again for another one`),
  );
});
