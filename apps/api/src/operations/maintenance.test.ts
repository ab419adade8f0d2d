import { openUpload } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { setup, statementsThatWait, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { startMaintenance } from './maintenance.ts';

test('an upload expires while the search index is being tidied, which may take minutes', async () => {
  const { database, bucket, s3, log } = await setup();
  const other = await database.transaction();
  await other.raw('lock table employee_search_ranges in access exclusive mode');

  const stop = startMaintenance({ database, s3, logger: log.logger }, { everyMs: 50 });
  await untilOneWaits(database);

  const id = newUploadId();
  await openUpload(database, { id, bucket, key: `uploads/${id}/staff.csv`, fileName: 'staff.csv', sender: null });
  await database.raw(`update uploads set expires_at = now() - interval '2 minutes'`);

  await expect.poll(() => log.entries).toContainEqual(expect.objectContaining({ msg: 'upload failed', uploadId: id }));
  expect(await statementsThatWait(database)).toBe(1);
  await other.rollback();
  await stop();
});
