import {
  failUpload,
  finishSegment,
  receiveUpload,
  recordDeadRows,
  redriveDeadRows,
  startUpload,
  writeRows,
} from '@rowferry/database';
import { anUpload, recordLog, setupDatabase, someFacts } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { logCompletedUploads } from './completed-uploads.ts';

const employee = { employee_name: 'Ada', company_name: 'Analytical', mobile_no: '0123456789', email: 'ada@x.org' };
const PRIVATE_NAME = 'Ada Lovelace.csv';

async function setupUpload() {
  const { database } = await setupDatabase();
  const log = recordLog();
  const upload = anUpload({ fileName: PRIVATE_NAME, receivedAt: new Date().toISOString() });
  const read = async (rows: number) => {
    await startUpload(database, upload, someFacts());
    await finishSegment(database, { uploadId: upload.id, segment: 0, rows });
  };
  const write = (line: number) => {
    const own = { ...employee, email: `ada${line}@x.org` };
    const row = { uploadId: upload.id, line, attempts: 1, receivedAtMicros: Date.now() * 1000, employee: own };
    return writeRows(database, [row], []);
  };
  const die = (line: number) =>
    recordDeadRows(database, [{ messageId: upload.id, uploadId: upload.id, line, attempts: 5, raw: employee }]);
  return { database, upload, read, write, die, log, look: () => logCompletedUploads({ database, ...log }) };
}

test('an upload is logged once, when its last row has its outcome, and not when its parts are there', async () => {
  const { database, upload, read, write, log, look } = await setupUpload();

  await receiveUpload(database, upload.id, { sizeBytes: 100, sha256: null, etag: 'e' });
  await look();
  await read(2);
  await write(2);
  await look();
  expect(log.entries).toEqual([]);

  await write(3);
  await look();
  await look();

  expect(log.entries).toEqual([
    expect.objectContaining({
      level: 30,
      msg: 'upload completed',
      uploadId: upload.id,
      status: 'completed',
      rows: 2,
      inserted: 2,
      updated: 0,
      unchanged: 0,
      superseded: 0,
      rejected: 0,
      dead: 0,
      seconds: expect.any(Number),
    }),
  ]);
  expect(log.text()).not.toContain('Ada');
});

test('its rate is that of all its rows since the file was received', async () => {
  const { database, upload, read, write, log, look } = await setupUpload();
  await read(1);
  await write(2);
  await database.raw('update upload_counts set updated_at = now()');
  await database.raw(
    `update uploads set received_at = greatest(read_at, (select max(updated_at) from upload_counts)) - interval '4 seconds',
       total_rows = 1000 where id = ?`,
    [upload.id],
  );
  await database.raw('update upload_counts set inserted = 1000');

  await look();

  expect(log.entries).toEqual([
    expect.objectContaining({ rows: 1000, inserted: 1000, seconds: 4, rowsPerSecond: 250 }),
  ]);
});

test('one with dead rows completed with errors; redriven, it is logged again', async () => {
  const { database, upload, read, write, die, log, look } = await setupUpload();
  await read(1);
  await die(2);
  await look();
  await redriveDeadRows(database, upload.id, async () => {});
  await look();
  await write(2);
  await look();

  expect(log.entries).toMatchObject([
    { msg: 'upload completed with errors', status: 'completed_with_errors', dead: 1, inserted: 0 },
    { msg: 'upload completed', status: 'completed', dead: 0, inserted: 1 },
  ]);
});

test('one that failed is not logged here', async () => {
  const { database, upload, log, look } = await setupUpload();
  await failUpload(database, upload, { code: 'not_csv', detail: 'A picture.' });
  await look();
  expect(log.entries).toEqual([]);
});
