import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findUpload } from '@rowferry/database';
import { sourceObjectsOf } from '@rowferry/messages';
import { type Fixtures, putObject, s3Record, setup, sqsEvent, takeAll } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { environmentOf } from './support/plain-process.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Calls what a file exports, as Lambda does: in a process of its own, with nothing but that file and the environment. */
const CALLER = `
  const [file, name, event] = process.argv.slice(1);
  const { [name]: handler } = await import(file);
  process.stdout.write(JSON.stringify((await handler(JSON.parse(event))) ?? null) + '\\n', () => process.exit(0));
`;

async function setupBundles() {
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-bundle-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await run(process.execPath, ['infra/bundle.ts', directory], { cwd: ROOT });
  return (fixtures: Fixtures, bundle: 'producer' | 'consumer', name: string) =>
    async (event: unknown): Promise<unknown> => {
      const file = join(directory, bundle, 'index.mjs');
      const args = ['--input-type=module', '--eval', CALLER, file, name, JSON.stringify(event)];
      const { stdout } = await run(process.execPath, args, { cwd: directory, env: environmentOf(fixtures) });
      return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    };
}

test('what is bundled for Lambda lands a file, and buries what died, with nothing installed beside it', async () => {
  const fixtures = await setup();
  const { s3, sqs, bucket, rowQueueUrl, database } = fixtures;
  const load = await setupBundles();
  const content = 'name,company,phone,email\nAda,Analytical,0123456789,ada@x.org\nBob,Acme,none,bob@x.org\n';
  const event = { Records: [s3Record(await putObject(s3, { bucket, key: 'uploads/staff.csv', content }))] };

  await load(fixtures, 'producer', 'objectHandler')(event);
  const messages = sqsEvent(await takeAll(sqs, rowQueueUrl));
  const answers = [
    await load(fixtures, 'consumer', 'handler')(messages),
    // All of them again, as dead letters: what landed stays.
    await load(fixtures, 'consumer', 'deadLetterHandler')(messages),
  ];

  expect(answers).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  const [upload] = sourceObjectsOf(event);
  expect(await findUpload(database, upload?.id ?? '')).toMatchObject({
    status: 'completed_with_errors',
    total_rows: 2,
    inserted: 1,
    rejected: 1,
    dead: 0,
  });
});
