import { EVENT_TYPE_NAMES, EVENT_TYPES, newUploadId, schemaOfEvent, TERMINAL_EVENT_TYPES } from '@rowferry/messages';
import { anUpload, setupDatabase, someFacts, statementsThatWait, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { eventsOf } from '../../test/events.ts';
import { rejectedRow, validRow } from '../../test/ledger.ts';
import { STORED } from '../../test/uploads.ts';
import type { Database } from '../connection/connect.ts';
import { recordDeadRows } from '../failed-rows/dead-letters.ts';
import { redriveDeadRows, rereadUpload } from '../failed-rows/redrive.ts';
import { writeRows } from '../row-writes/write-rows.ts';
import { failUpload, finishSegment, startUpload } from '../uploads/reading-progress.ts';
import { openUpload, receiveUpload } from '../uploads/receive-upload.ts';
import { expireUpload } from '../uploads/unfinished-uploads.ts';
import { recordEvent } from './record-event.ts';

async function started(database: Database, segments = 1): Promise<string> {
  const upload = anUpload();
  await startUpload(database, upload, someFacts({ segments }));
  return upload.id;
}

/** An upload of so many rows, none of which has its outcome. */
async function read(database: Database, rows: number): Promise<string> {
  const uploadId = await started(database);
  await finishSegment(database, { uploadId, segment: 0, rows });
  return uploadId;
}

const rowOf = (uploadId: string, line: number) => validRow({ uploadId, line, email: `${uploadId}-${line}@x.org` });

function deadRowOf(uploadId: string, line: number) {
  const { employee } = rowOf(uploadId, line);
  return { messageId: `${uploadId}/${line}`, uploadId, line, attempts: 5, raw: employee };
}

async function typesOf(database: Database): Promise<string[]> {
  return (await eventsOf(database)).map(({ type }) => type);
}

const NO_COUNTS = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 };

test('the transaction that gives the last row its outcome records that the upload is complete', async () => {
  const { database } = await setupDatabase();
  const uploadId = await read(database, 2);
  await writeRows(database, [rowOf(uploadId, 2)], []);
  expect(await eventsOf(database)).toEqual([]);

  const last = await database.transaction();
  await writeRows(last, [], [rejectedRow({ uploadId, line: 3 })]);
  await last.rollback();
  expect(await eventsOf(database)).toEqual([]);

  await writeRows(database, [], [rejectedRow({ uploadId, line: 3 })]);
  await writeRows(database, [rowOf(uploadId, 2)], [rejectedRow({ uploadId, line: 3 })]);
  expect(await eventsOf(database)).toEqual([
    {
      subject: uploadId,
      type: 'upload.completed_with_errors',
      severity: 'warning',
      data: {
        uploadId,
        total: 2,
        counts: { ...NO_COUNTS, inserted: 1, rejected: 1 },
        link: `/v1/uploads/${uploadId}`,
      },
    },
  ]);
});

test('of two transactions that write the last rows at once, the second sees that the upload is complete', async () => {
  const { database } = await setupDatabase();
  const uploadId = await read(database, 2);
  const first = await database.transaction();
  await writeRows(first, [rowOf(uploadId, 2)], []);

  const second = writeRows(database, [rowOf(uploadId, 3)], []);
  await untilOneWaits(database);
  await first.commit();
  await second;

  expect(await typesOf(database)).toEqual(['upload.completed']);
});

test('a total that is recorded while the last rows are being written misses none of them, nor they it', async () => {
  const { database } = await setupDatabase();
  const [early, late] = [await started(database), await started(database)];
  const writing = await database.transaction();
  await writeRows(writing, [rowOf(early, 2)], []);
  const finishing = finishSegment(database, { uploadId: early, segment: 0, rows: 1 });
  await untilOneWaits(database);
  await writing.commit();
  await finishing;
  expect(await typesOf(database)).toEqual(['upload.completed']);

  const total = await database.transaction();
  await finishSegment(total, { uploadId: late, segment: 0, rows: 1 });
  const rows = writeRows(database, [rowOf(late, 2)], []);
  await untilOneWaits(database);
  await total.commit();
  await rows;
  expect(await typesOf(database)).toEqual(['upload.completed', 'upload.completed']);
});

test('a file without rows, one that cannot be read and one that does not arrive each have their end', async () => {
  const { database } = await setupDatabase();
  const [unreadable, late] = [anUpload(), anUpload()];
  await read(database, 0);
  await failUpload(database, unreadable, { code: 'empty_file', detail: 'The file is empty.' });
  await failUpload(database, unreadable, { code: 'empty_file', detail: 'The file is empty.' });
  await openUpload(database, late);
  await expireUpload(database, late.id);
  // It comes after all.
  await receiveUpload(database, late.id, STORED);
  await failUpload(database, late, { code: 'not_csv', detail: 'It is a picture.' });

  expect(await eventsOf(database)).toMatchObject([
    { type: 'upload.completed', data: { total: 0, counts: NO_COUNTS } },
    { type: 'upload.failed', severity: 'alert', data: { uploadId: unreadable.id, code: 'empty_file' } },
    { type: 'upload.failed', severity: 'alert', data: { uploadId: late.id, code: 'upload_interrupted' } },
  ]);
});

test('dead rows are told of before the end that they are part of, and a redrive makes no second end', async () => {
  const { database } = await setupDatabase();
  const uploadId = await read(database, 2);
  await recordDeadRows(database, [deadRowOf(uploadId, 2)]);
  await recordDeadRows(database, [deadRowOf(uploadId, 3)]);
  const ends = (await eventsOf(database)).filter(({ type }) => type !== 'rows.dead');
  const dead = (await eventsOf(database)).filter(({ type }) => type === 'rows.dead');

  await redriveDeadRows(database, uploadId, async () => {});
  await writeRows(database, [rowOf(uploadId, 2), rowOf(uploadId, 3)], []);
  await rereadUpload(database, uploadId, async () => {});
  await startUpload(database, anUpload({ id: uploadId }), someFacts());
  await finishSegment(database, { uploadId, segment: 0, rows: 2 });

  // Two, if the minute ended between them.
  expect([1, 2]).toContain(dead.length);
  expect(dead[0]).toMatchObject({ severity: 'alert', data: { uploadId, dead: 1 } });
  expect(ends).toMatchObject([{ type: 'upload.completed_with_errors', data: { counts: { ...NO_COUNTS, dead: 2 } } }]);
  expect((await typesOf(database)).at(-1)).toBe('upload.completed_with_errors');
  expect(await eventsOf(database)).toHaveLength(dead.length + 1);
});

test('uploads that are read, written and put down as dead at once, in batches of several, each have one end, the last of their events', async () => {
  const { database } = await setupDatabase();
  const uploads = await Promise.all(Array.from({ length: 6 }, () => started(database, 2)));
  const rowsOf = (line: number) => uploads.map((uploadId) => rowOf(uploadId, line));

  await Promise.all([
    ...[2, 3, 4, 5].map((line) => writeRows(database, rowsOf(line), [])),
    ...uploads.map((uploadId) => writeRows(database, [], [rejectedRow({ uploadId, line: 6 })])),
    ...uploads.flatMap((uploadId) => [0, 1].map((segment) => finishSegment(database, { uploadId, segment, rows: 3 }))),
    recordDeadRows(
      database,
      uploads.toReversed().map((uploadId) => deadRowOf(uploadId, 7)),
    ),
  ]);

  const events = await eventsOf(database);
  const counts = { ...NO_COUNTS, inserted: 4, rejected: 1, dead: 1 };
  for (const uploadId of uploads) {
    const ofUpload = events.filter(({ subject }) => subject === uploadId);
    expect(ofUpload).toMatchObject([
      { type: 'rows.dead' },
      { type: 'upload.completed_with_errors', data: { uploadId, total: 6, counts } },
    ]);
  }
  expect(await statementsThatWait(database)).toBe(0);
});

test('an event of a subject waits for an earlier one of it, and the first of an occurrence counts', async () => {
  const { database } = await setupDatabase();
  const webhookId = newUploadId();
  const event = (code: 'gone' | 'failing') => ({
    type: 'webhook.disabled' as const,
    subject: webhookId,
    occurrence: 'disabled',
    data: { webhookId, code, link: `/v1/webhooks/${webhookId}` },
  });
  const first = await database.transaction();
  await recordEvent(first, event('gone'));
  const second = recordEvent(database, event('failing'));
  await untilOneWaits(database);
  await first.commit();
  await second;

  expect(await eventsOf(database)).toMatchObject([{ type: 'webhook.disabled', data: { code: 'gone' } }]);
});

test('what the triggers record has the severity and the data that the schemas say, and ids that sort by time', async () => {
  const { database } = await setupDatabase();
  const before = Date.now();
  await recordDeadRows(database, [deadRowOf(await read(database, 1), 2)]);
  await writeRows(database, [rowOf(await read(database, 1), 3)], []);
  await failUpload(database, anUpload(), { code: 'empty_file', detail: 'The file is empty.' });
  type Row = { id: string; type: string; severity: string; data: object; occurred_at: Date };
  const { rows } = await database.raw<{ rows: Row[] }>('select * from events order by sequence');

  for (const type of ['rows.dead', ...TERMINAL_EVENT_TYPES] as const) {
    const { id, severity, data, occurred_at } = rows.find((row) => row.type === type) ?? {};
    expect(
      schemaOfEvent(type).strict().parse({ id, type, severity, data, time: occurred_at?.toISOString(), version: 1 }),
    ).toMatchObject({ severity: EVENT_TYPES[type].severity, data });
    const millis = Number.parseInt(String(id).replace('-', '').slice(0, 12), 16);
    expect(millis).toBeGreaterThanOrEqual(before);
    expect(String(id)).toMatch(/^.{14}7.{4}[89ab]/);
  }
  expect(EVENT_TYPE_NAMES).toHaveLength(9);
});
