import { setupDatabase } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { dryRun } from './dry-run.ts';
import { SpooledFile } from './spooled-file.ts';

async function spool(text: string): Promise<SpooledFile> {
  async function* bytes() {
    yield Buffer.from(text);
  }
  const file = await SpooledFile.receive(bytes());
  onTestFinished(() => file.close());
  return file;
}

test('a dry run that nobody waits for any more ends early, and its connection is free again', async () => {
  const { database } = await setupDatabase();
  const file = await spool(`name,company,phone,email\n${'Ann,Acme,030 1234567,ann@x.example\n'.repeat(20_000)}`);
  const gone = new Error('the client went away');

  // More often than the pool has connections.
  for (let run = 0; run < 10; run++)
    await expect(dryRun(database, file, {}, AbortSignal.abort(gone))).rejects.toBe(gone);

  expect((await dryRun(database, file, {}, new AbortController().signal)).counts).toEqual({
    inserted: 1,
    updated: 0,
    unchanged: 0,
    superseded: 19_999,
    rejected: 0,
    dead: 0,
  });
});

test('other work gets its turn while rows are checked, also when none of them is valid', async () => {
  const { database } = await setupDatabase();
  const file = await spool(`name,company,phone,email\n${'Ann,Acme,12,nobody\n'.repeat(50_000)}`);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);

  await dryRun(database, file, {}, new AbortController().signal).finally(() => clearInterval(timer));

  expect(turns).toBeGreaterThan(20);
});
