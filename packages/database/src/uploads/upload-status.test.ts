import { anUpload, setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { validRow } from '../../test/ledger.ts';
import { facts, STORED } from '../../test/uploads.ts';
import type { Database } from '../connection/connect.ts';
import { writeRows } from '../row-writes/write-rows.ts';
import { findUpload } from './find-upload.ts';
import { startUpload } from './reading-progress.ts';
import { openUpload, receiveUpload } from './receive-upload.ts';

async function statusOf(database: Database, id: string) {
  const upload = await findUpload(database, id);
  return upload?.status;
}

test('an upload that does not move for an hour has stalled, until it moves again', async () => {
  const { database } = await setupDatabase();
  const [received, processing] = [anUpload(), anUpload()];
  for (const upload of [received, processing]) {
    await openUpload(database, upload);
    await receiveUpload(database, upload.id, STORED);
  }
  await startUpload(database, processing, facts(1));
  const statuses = async () => Promise.all([received, processing].map(({ id }) => statusOf(database, id)));
  const minutesPass = (minutes: number) =>
    database.raw(
      `update uploads set created_at = created_at - :ago::interval, received_at = received_at - :ago::interval, started_at = started_at - :ago::interval`,
      { ago: `${minutes} minutes` },
    );

  await minutesPass(59);
  expect(await statuses()).toEqual(['received', 'processing']);
  await minutesPass(2);
  expect(await statuses()).toEqual(['stalled', 'stalled']);
  await writeRows(database, [validRow({ uploadId: processing.id, line: 2 })], []);
  expect(await statuses()).toEqual(['stalled', 'processing']);
});
