import { setupDatabase } from '@rowferry/testing';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Liveness } from './liveness.ts';

/** A connection that has just answered, and what is asked of it from then on. */
async function setupConnection({ trustForMs }: { trustForMs: number }) {
  const { databaseUrl } = await setupDatabase();
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
  onTestFinished(() => clock.mockRestore());
  const liveness = new Liveness(trustForMs);
  liveness.watch(client);
  await client.query('select 1');
  return { client, liveness, clock, asked: vi.spyOn(client, 'query') };
}

test('a connection that answered a moment ago is not asked, one that answered longer ago is', async () => {
  const { client, liveness, clock, asked } = await setupConnection({ trustForMs: 100 });

  clock.mockReturnValue(1099);
  expect(await liveness.check(client)).toBe(true);
  expect(asked).not.toHaveBeenCalled();

  clock.mockReturnValue(1100);
  expect(await liveness.check(client)).toBe(true);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('without a time to trust it for, a connection is asked each time', async () => {
  const { client, liveness, asked } = await setupConnection({ trustForMs: 0 });

  await liveness.check(client);
  await liveness.check(client);

  expect(asked).toHaveBeenCalledTimes(2);
});

test('a connection whose session was ended does not pass', async () => {
  const { client, liveness } = await setupConnection({ trustForMs: 0 });
  await client.query('select pg_terminate_backend(pg_backend_pid())').catch(() => {});

  await expect(liveness.check(client)).rejects.toThrow();
});

test('a connection that has yet to answer what was sent is waited for, and nothing more is sent', async () => {
  const { client, liveness, asked } = await setupConnection({ trustForMs: 0 });
  const sent = [client.query('select pg_sleep(0.2)'), client.query('rollback')];
  let answers = 0;
  for (const answer of sent) answer.then(() => answers++);

  expect(await liveness.check(client)).toBe(true);

  expect(answers).toBe(2);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('a connection that does not answer what was sent does not pass, and nothing more is sent', async () => {
  const { client, liveness, asked } = await setupConnection({ trustForMs: 0 });
  const sent = [client.query('select pg_sleep(60)'), client.query('rollback')];
  for (const answer of sent) answer.catch(() => {});

  await expect(liveness.check(client)).rejects.toThrow('aborted');

  expect(asked).toHaveBeenCalledTimes(2);
});
