import { newUploadId, type SourceObject } from '@rowferry/messages';
import type { ShapedRow } from '@rowferry/roster';
import { anUpload, setupDatabase, someFacts, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { countsOf, ledgerOf, validRow } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { writeRows } from '../row-writes/write-rows.ts';
import { findUpload } from '../uploads/find-upload.ts';
import { failUpload, finishSegment, startUpload } from '../uploads/reading-progress.ts';
import { recordDeadRows } from './dead-letters.ts';
import { findRedriveState, redriveDeadRows, rereadUpload } from './redrive.ts';

/** An upload that was read to its end and whose rows, from line 2 on, are all dead. */
async function setupDead(rows: number) {
  const { database } = await setupDatabase();
  const upload = anUpload();
  await startUpload(database, upload, someFacts());
  await finishSegment(database, { uploadId: upload.id, segment: 0, rows });
  await kill(database, upload.id, linesUpTo(rows));
  return { database, upload, uploadId: upload.id };
}

function linesUpTo(rows: number): number[] {
  return Array.from({ length: rows }, (_, index) => index + 2);
}

function valuesOn(line: number) {
  return { employee_name: 'Ada', company_name: 'Analytical', mobile_no: '0123456789', email: `l${line}@x.org` };
}

async function kill(database: Database, uploadId: string, lines: readonly number[], attempts = 5): Promise<void> {
  const rows = lines.map((line) => ({ messageId: `m${line}`, uploadId, line, attempts, raw: valuesOn(line) }));
  await recordDeadRows(database, rows);
}

function write(database: Database, uploadId: string, { line }: { line: number }) {
  return writeRows(database, [validRow({ uploadId, line, ...valuesOn(line) })], []);
}

test('redrive sends the dead rows with their values, in order; until they are written the upload is processing', async () => {
  const { database, uploadId } = await setupDead(3);
  const sent: ShapedRow[] = [];

  const rows = await redriveDeadRows(database, uploadId, async (page) => void sent.push(...page));

  expect(rows).toBe(3);
  expect(sent).toEqual([2, 3, 4].map((line) => ({ line, ...valuesOn(line) })));
  expect(await findUpload(database, uploadId)).toMatchObject({ status: 'processing', dead: 0, recorded: 0 });
  for (const row of sent) await write(database, uploadId, row);
  expect(await findUpload(database, uploadId)).toMatchObject({ status: 'completed', inserted: 3, recorded: 3 });
});

test('dead rows of a version with fewer columns are sent with blanks in the others, and so are those without a value', async () => {
  const { database, uploadId } = await setupDead(0);
  const { mobile_no: _, ...before } = valuesOn(2);
  const raws = [before, { ...valuesOn(3), mobile_no: null }];
  await recordDeadRows(
    database,
    raws.map((raw, index) => ({ messageId: `m${index}`, uploadId, line: index + 2, attempts: 5, raw })),
  );
  const sent: ShapedRow[] = [];

  await redriveDeadRows(database, uploadId, async (page) => void sent.push(...page));

  expect(sent).toEqual([2, 3].map((line) => ({ line, ...valuesOn(line), mobile_no: '' })));
});

test('more rows than a page are sent page by page, each once', async () => {
  const { database, uploadId } = await setupDead(2300);
  const pages: number[][] = [];

  const rows = await redriveDeadRows(database, uploadId, async (page) => void pages.push(page.map(({ line }) => line)));

  expect(rows).toBe(2300);
  expect(pages.flat()).toEqual(linesUpTo(2300));
  expect(pages.length).toBeGreaterThan(1);
  expect(await countsOf(database)).toEqual({ [uploadId]: {} });
});

test('when sending fails the rows of that page are dead as before, and one that was sent is written all the same', async () => {
  const { database, uploadId } = await setupDead(1500);
  const sent: ShapedRow[] = [];
  const failing = redriveDeadRows(database, uploadId, async (page) => {
    sent.push(...page);
    if (sent.length > 1000) throw new Error('SQS is unavailable');
  });
  await expect(failing).rejects.toThrow('SQS is unavailable');
  expect(await findUpload(database, uploadId)).toMatchObject({ dead: 500, recorded: 500 });

  const [first, last] = [sent[0], sent.at(-1)];
  for (const row of [first, last]) if (row !== undefined) await write(database, uploadId, row);

  expect(await findUpload(database, uploadId)).toMatchObject({ dead: 499, inserted: 2, recorded: 501 });
});

test('a row that is delivered before the redrive commits is written when it has', async () => {
  const { database, uploadId } = await setupDead(1);
  const writing: Promise<unknown>[] = [];

  await redriveDeadRows(database, uploadId, async (page) => {
    writing.push(...page.map((row) => write(database, uploadId, row)));
    await untilOneWaits(database);
  });
  await Promise.all(writing);

  expect(await ledgerOf(database)).toEqual({ [`${uploadId}/2`]: 'inserted' });
  expect(await findUpload(database, uploadId)).toMatchObject({ status: 'completed', inserted: 1, dead: 0 });
});

test('two redrives at once send each row once', async () => {
  const { database, uploadId } = await setupDead(30);
  const sent: number[] = [];
  const redrive = () =>
    redriveDeadRows(database, uploadId, async (page) => void sent.push(...page.map(({ line }) => line)));

  const rows = await Promise.all([redrive(), redrive()]);

  expect(rows.toSorted((a, b) => a - b)).toEqual([0, 30]);
  expect(sent).toEqual(linesUpTo(30));
});

test('a dead letter that is delivered twice, and another copy of it, leave its row with the most attempts of them, and count once', async () => {
  const { database, uploadId } = await setupDead(1);
  await kill(database, uploadId, [2]);
  await kill(database, uploadId, [2], 3);

  const { rows } = await database.raw('select outcome, attempts from upload_rows');
  expect(rows).toEqual([{ outcome: 'dead', attempts: 5 }]);
  expect(await findUpload(database, uploadId)).toMatchObject({ dead: 1, recorded: 1 });
});

test('a row that was redriven and dies again has the attempts of its new life', async () => {
  const { database, uploadId } = await setupDead(1);
  await redriveDeadRows(database, uploadId, async () => {});

  await kill(database, uploadId, [2], 4);

  const { rows } = await database.raw('select outcome, attempts from upload_rows');
  expect(rows).toEqual([{ outcome: 'dead', attempts: 4 }]);
  expect(await findUpload(database, uploadId)).toMatchObject({ dead: 1, recorded: 1 });
});

test('an upload is to be read again when reading failed for no fault of the file, or when it has stalled', async () => {
  const { database } = await setupDatabase();
  const [failed, bad, stalled, reading] = [anUpload(), anUpload(), anUpload(), anUpload()];
  await failUpload(database, failed, { code: 'internal', detail: 'S3 was unavailable.' });
  await failUpload(database, bad, { code: 'not_csv', detail: 'A picture.' });
  for (const upload of [stalled, reading]) await startUpload(database, upload, someFacts({ segments: 2 }));
  await finishSegment(database, { uploadId: stalled.id, segment: 0, rows: 1 });
  await passTwoHours(database, stalled.id);

  const states = [failed, bad, stalled, reading].map(({ id }) => findRedriveState(database, id));

  expect((await Promise.all(states)).map((state) => state?.mustReread)).toEqual([true, false, true, false]);
  expect(await findUpload(database, stalled.id)).toMatchObject({ status: 'stalled' });
  expect(await findRedriveState(database, newUploadId())).toBeUndefined();
});

/** As if all that has happened to the upload had happened two hours ago. */
async function passTwoHours(database: Database, id: string): Promise<void> {
  const ago = (column: string) => `${column} = ${column} - interval '2 hours'`;
  await database.raw(
    `update uploads set ${['created_at', 'received_at', 'started_at', 'read_at'].map(ago).join(', ')} where id = ?`,
    [id],
  );
  await database.raw(`update upload_segments set ${ago('finished_at')} where upload_id = ?`, [id]);
  await database.raw(`update upload_counts set ${ago('updated_at')} where upload_id = ?`, [id]);
}

test('an upload that is read again is processing until it was, keeps its rows, and counts none of them twice', async () => {
  const { database } = await setupDatabase();
  const upload = anUpload();
  await startUpload(database, upload, someFacts({ segments: 2 }));
  await finishSegment(database, { uploadId: upload.id, segment: 0, rows: 1 });
  await write(database, upload.id, { line: 2 });
  await failUpload(database, upload, { code: 'internal', detail: 'S3 was unavailable.' });
  const sent: SourceObject[] = [];

  await rereadUpload(database, upload.id, async (again) => void sent.push(again));

  expect(sent).toEqual([upload]);
  expect(await findUpload(database, upload.id)).toMatchObject({ status: 'processing', failure: null, inserted: 1 });
  await startUpload(database, upload, someFacts({ segments: 2 }));
  for (const segment of [0, 1]) await finishSegment(database, { uploadId: upload.id, segment, rows: 1 });
  for (const line of [2, 3]) await write(database, upload.id, { line });
  expect(await findUpload(database, upload.id)).toMatchObject({ status: 'completed', total_rows: 2, inserted: 2 });
});

test('when the task to read again cannot be sent, the upload is failed as before', async () => {
  const { database } = await setupDatabase();
  const upload = anUpload();
  await failUpload(database, upload, { code: 'internal', detail: 'S3 was unavailable.' });

  const failing = rereadUpload(database, upload.id, () => Promise.reject(new Error('SQS is unavailable')));

  await expect(failing).rejects.toThrow('SQS is unavailable');
  expect(await findUpload(database, upload.id)).toMatchObject({ status: 'failed', failure: { code: 'internal' } });
});
