import { UploadPartCommand } from '@aws-sdk/client-s3';
import { findUpload, listUploads } from '@rowferry/database';
import { type Fixtures, keysOf, setup, statementsThatWait } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { runMaintenance } from '../apps/api/src/operations/maintenance.ts';
import { openFilePart, startUpload } from '../apps/api/test/raw-request.ts';
import { fileForm } from '../apps/api/test/serve-api.ts';
import { startApi, startWorker } from './support/plain-process.ts';

const SECOND = 1000;
const MIB = 1024 * 1024;
const CSV = 'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n';

async function onlyUpload({ database }: Fixtures): Promise<{ id: string; status: string } | undefined> {
  return (await listUploads(database, { limit: 1, offset: 0 })).uploads[0];
}

/** From now on an upload that is in S3 cannot be marked as received. */
async function blockReceiving({ database }: Fixtures): Promise<void> {
  await database.raw(`
    create function wait() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(1); return new; end $$;
    create trigger wait before update of received_at on uploads for each row execute function wait()`);
  const holder = await database.transaction();
  onTestFinished(async () => {
    await holder.rollback();
  });
  await holder.raw('select pg_advisory_xact_lock(1)');
}

/** The statements of a dead process end, and what held them up is gone. */
async function unblockReceiving({ database }: Fixtures): Promise<void> {
  await database.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  await database.raw('drop function wait cascade');
}

test('a file whose API died when it was in S3, before anybody was told, is read all the same', async () => {
  const fixtures = await setup();
  const { s3, bucket, database } = fixtures;
  const api = await startApi(fixtures);
  await blockReceiving(fixtures);
  const answer = fetch(`${api.url}/v1/employee-data-upload`, { method: 'POST', body: fileForm(CSV) });
  const unanswered = expect(answer).rejects.toThrow();
  await expect.poll(() => statementsThatWait(fixtures.database), { timeout: 20 * SECOND }).toBe(1);

  api.child.kill('SIGKILL');
  await api.exited;
  await unanswered;
  await unblockReceiving(fixtures);

  const upload = await onlyUpload(fixtures);
  expect(upload).toMatchObject({ status: 'receiving' });
  expect(await keysOf(s3, bucket)).toHaveLength(1);
  await startWorker(fixtures);
  await expect
    .poll(() => findUpload(database, upload?.id ?? ''), { timeout: 30 * SECOND })
    .toMatchObject({ status: 'completed', total_rows: 1, inserted: 1 });
}, 90_000);

test('a file whose API died in the middle of it fails when its time is over, and leaves no part in S3', async () => {
  const fixtures = await setup();
  const { s3, bucket, database, log } = fixtures;
  const api = await startApi(fixtures);
  const sending = startUpload(Number(new URL(api.url).port));
  sending.write(openFilePart(Buffer.alloc(17 * MIB, CSV)));
  await expect.poll(() => multipartOf(fixtures), { timeout: 20 * SECOND }).toBeDefined();

  api.child.kill('SIGKILL');
  await api.exited;

  const multipart = await multipartOf(fixtures);
  if (multipart === undefined) throw new Error('no parts are known');
  const sendPart = () => s3.send(new UploadPartCommand({ Bucket: bucket, ...multipart, PartNumber: 9, Body: 'x' }));
  expect(await onlyUpload(fixtures)).toMatchObject({ status: 'receiving' });
  await runMaintenance({ database, s3, logger: log.logger });
  expect((await sendPart()).ETag).toBeDefined();

  await database.raw(`update uploads set expires_at = now() - interval '2 minutes'`);
  expect(await onlyUpload(fixtures)).toMatchObject({ status: 'failed' });
  await runMaintenance({ database, s3, logger: log.logger });

  expect(await onlyUpload(fixtures)).toMatchObject({ status: 'failed', failure: { code: 'upload_interrupted' } });
  await expect(sendPart()).rejects.toThrow(expect.objectContaining({ name: 'NoSuchUpload' }));
  expect(await keysOf(s3, bucket)).toEqual([]);
}, 90_000);

async function multipartOf({ database }: Fixtures): Promise<{ Key: string; UploadId: string } | undefined> {
  const { rows } = await database.raw<{ rows: { Key: string; UploadId: string }[] }>(
    'select object_key as "Key", multipart_id as "UploadId" from uploads where multipart_id is not null',
  );
  return rows[0];
}
