import { openUpload, receiveUpload } from '@rowferry/database';
import type { SourceObject } from '@rowferry/messages';
import { setup, sqsEvent } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { deadLetter } from '../test/dead-letters.ts';
import { finished, row, rows, started, upload } from '../test/messages.ts';
import { createRowHandler } from './row-handler.ts';

const DAY = 24 * 60 * 60 * 1000;

async function setupFiles() {
  const { database, sqs, rowQueueUrl, log } = await setup();
  const handler = createRowHandler({ database, sqs, rowQueueUrl, logger: log.logger, startTimeoutMs: 0 });
  return {
    database,
    open: (of: SourceObject) => openUpload(database, of),
    receive: ({ id }: SourceObject) => receiveUpload(database, id, { sizeBytes: 1, sha256: null, etag: 'e' }),
    /** Everything that the producer sends of a file with one employee, whose company is this one. */
    async importFile(of: SourceObject, company_name: string) {
      const only = row({ line: 2, email: 'ada@x.org', company_name });
      const bodies = [started(of), rows(of.id, only), finished(of.id, 1)];
      expect(await handler(sqsEvent(bodies.map((body) => deadLetter(body, { attempts: 1 }))))).toEqual({
        batchItemFailures: [],
      });
    },
    async company(): Promise<string | undefined> {
      const { rows } = await database.raw<{ rows: { company_name: string }[] }>('select company_name from employees');
      return rows[0]?.company_name;
    },
    async receivedAt({ id }: SourceObject): Promise<Date | undefined> {
      const { rows } = await database.raw<{ rows: { received_at: Date }[] }>(
        'select received_at from uploads where id = ?',
        [id],
      );
      return rows[0]?.received_at;
    },
  };
}

/** An upload whose id a clock made that was wrong by so much. */
function uploadOfClock(offsetMs: number): SourceObject {
  const time = (Date.now() + offsetMs).toString(16).padStart(12, '0');
  return upload({ id: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000` });
}

test('a file that was planned before another but received after it is the newer one', async () => {
  const { open, receive, importFile, company } = await setupFiles();
  const [planned, quick] = [uploadOfClock(-1000), uploadOfClock(0)];
  await open(planned);
  await open(quick);
  await receive(quick);
  await importFile(quick, 'Quick');

  await receive(planned);
  await importFile(planned, 'Planned');

  expect(await company()).toBe('Planned');
});

test('rows of the file received first that come last change nothing', async () => {
  const { open, receive, importFile, company } = await setupFiles();
  const [first, second] = [uploadOfClock(0), uploadOfClock(-1000)];
  for (const file of [first, second]) {
    await open(file);
    await receive(file);
  }

  await importFile(second, 'Second');
  await importFile(first, 'First');

  expect(await company()).toBe('Second');
});

test('an API whose clock is two days ahead makes no later file older', async () => {
  const { open, receive, importFile, company } = await setupFiles();
  for (const [file, name] of [
    [uploadOfClock(2 * DAY), 'Ahead'],
    [uploadOfClock(0), 'Right'],
  ] as const) {
    await open(file);
    await receive(file);
    await importFile(file, name);
  }

  expect(await company()).toBe('Right');
});

test('the largest of all ids does not keep its employees from later files', async () => {
  const { open, receive, importFile, company } = await setupFiles();
  const put = upload({ id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' });
  await importFile(put, 'Put');
  expect(await company()).toBe('Put');

  const later = uploadOfClock(0);
  await open(later);
  await receive(later);
  await importFile(later, 'Later');

  expect(await company()).toBe('Later');
});

test('an object put into the bucket counts from S3’s event on, and from now on where S3’s clock is ahead', async () => {
  const { importFile, company, receivedAt } = await setupFiles();
  const [ahead, old] = [
    upload({ receivedAt: new Date(Date.now() + DAY).toISOString() }),
    upload({ receivedAt: '2026-11-01T10:00:00.000Z' }),
  ];
  await importFile(ahead, 'Ahead');
  expect((await receivedAt(ahead))?.getTime()).toBeLessThan(Date.now() + DAY / 2);

  await importFile(old, 'Old');
  expect(await receivedAt(old)).toEqual(new Date('2026-11-01T10:00:00.000Z'));
  expect(await company()).toBe('Ahead');

  const next = upload({ receivedAt: new Date(Date.now() + DAY).toISOString() });
  await importFile(next, 'Next');
  expect(await company()).toBe('Next');
});

test('a file whose API died before it could say that it is there counts from the first message about it, for good', async () => {
  const { open, receive, importFile, receivedAt } = await setupFiles();
  const file = upload({ receivedAt: '2026-11-01T10:00:00.000Z' });
  await open(file);
  const before = Date.now();

  await importFile(file, 'Read');

  const moment = await receivedAt(file);
  // S3's time of a multipart upload can be that of its beginning.
  expect(moment?.getTime()).toBeGreaterThan(before - DAY / 2);
  await receive(file);
  await importFile(file, 'Read');
  expect(await receivedAt(file)).toEqual(moment);
});
