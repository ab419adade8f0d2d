import { newUploadId } from '@rowferry/messages';
import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import type { Database } from '../connection/connect.ts';
import { addBackfillFiles } from './add-backfill-files.ts';
import { endBackfillFile, nextBackfillFiles, startBackfillFile } from './backfill-file-states.ts';
import { failBackfill, finishBackfill, summariseBackfill } from './end-backfill.ts';
import { findBackfill, findOpenBackfills, listBackfills } from './find-backfill.ts';
import { listBackfillFiles } from './list-backfill-files.ts';
import { type NewBackfill, openBackfill } from './open-backfill.ts';

function aBackfill(values: Partial<NewBackfill> = {}): NewBackfill {
  const fixed = { bucket: 'b', prefix: 'incoming/', profile: null, settings_id: null, concurrency: 2 };
  return { id: newUploadId(), ...fixed, ...values };
}

function anObject(key: string, etag = 'e1', second = 0) {
  return { key, etag, sizeBytes: 10, lastModified: new Date(Date.UTC(2026, 0, 1, 0, 0, second)) };
}

/** Opens a backfill and enters these objects as all that the prefix has. @returns its id. */
async function backfillOf(
  database: Database,
  objects: ReturnType<typeof anObject>[],
  values: Partial<NewBackfill> = {},
): Promise<string> {
  const { backfill } = await openBackfill(database, aBackfill(values));
  const last = objects.at(-1)?.key ?? null;
  await addBackfillFiles(database, { backfillId: backfill.id, after: null, last, objects, isLast: true });
  return backfill.id;
}

/** Ends its files, all in this way but those that are named, and then itself. */
async function end(
  database: Database,
  id: string,
  failed: Record<string, string> = {},
  skipped: Record<string, string> = {},
): Promise<void> {
  const { files } = await listBackfillFiles(database, id, { state: undefined, limit: 100, offset: 0 });
  for (const file of files) {
    const [state, code] =
      file.key in failed
        ? (['failed', failed[file.key]] as const)
        : file.key in skipped
          ? (['skipped', skipped[file.key]] as const)
          : (['done', undefined] as const);
    await endBackfillFile(database, file.id, state, code === undefined ? undefined : { code, detail: 'x' });
  }
  await summariseBackfill(database, id);
  await finishBackfill(database, id, async () => {});
}

async function keysOf(database: Database, id: string): Promise<string[]> {
  const { files } = await listBackfillFiles(database, id, { state: undefined, limit: 100, offset: 0 });
  return files.map(({ key }) => key);
}

test('of one prefix one backfill runs at a time; of others, others', async () => {
  const { database } = await setupDatabase();
  const opened = await Promise.all(Array.from({ length: 10 }, () => openBackfill(database, aBackfill())));
  const other = await openBackfill(database, aBackfill({ prefix: 'incoming/2026/' }));

  const [first] = opened.filter(({ isNew }) => isNew);
  expect(opened.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(new Set(opened.map(({ backfill }) => backfill.id))).toEqual(new Set([first?.backfill.id]));
  expect(other.isNew).toBe(true);
  await end(database, other.backfill.id);
  expect((await findOpenBackfills(database, 'b')).map(({ id }) => id)).toEqual([first?.backfill.id]);
  expect((await openBackfill(database, aBackfill({ prefix: 'incoming/2026/' }))).isNew).toBe(true);
});

test('a page of a listing is entered once, and the listing goes on after it', async () => {
  const { database } = await setupDatabase();
  const { backfill } = await openBackfill(database, aBackfill());
  const page = { backfillId: backfill.id, after: null, last: 'b', objects: [anObject('a'), anObject('b')] };

  const twice = await Promise.all([1, 2].map(() => addBackfillFiles(database, { ...page, isLast: false })));
  expect(twice.toSorted()).toEqual([false, true]);
  expect((await findBackfill(database, backfill.id))?.listed_at).toBeNull();
  const rest = { ...page, after: 'b', last: 'c', objects: [anObject('c')], isLast: true };
  expect(await addBackfillFiles(database, rest)).toBe(true);
  expect(await addBackfillFiles(database, rest)).toBe(false);

  expect(await findBackfill(database, backfill.id)).toMatchObject({
    status: 'running',
    listed_at: expect.any(Date),
    files: { waiting: 3, running: 0, done: 0, failed: 0, skipped: 0 },
    unchanged: 0,
  });
});

test('again, only what is new, changed, or may go better this time is loaded', async () => {
  const { database } = await setupDatabase();
  const first = await backfillOf(
    database,
    ['bad', 'changed', 'empty', 'gone', 'good', 'refused'].map((key) => anObject(key)),
  );
  await end(database, first, { bad: 'not_csv', refused: 'copy_refused' }, { empty: 'empty_file', gone: 'object_gone' });
  const again = [
    ...['bad', 'empty', 'gone', 'good', 'new', 'refused'].map((key) => anObject(key)),
    anObject('changed', 'e2'),
  ];

  const second = await backfillOf(database, again);
  expect((await keysOf(database, second)).toSorted()).toEqual(['changed', 'gone', 'new', 'refused']);
  expect(await findBackfill(database, second)).toMatchObject({ unchanged: 3 });
  await end(database, second);

  const back = await backfillOf(database, [anObject('changed', 'e1'), anObject('refused')]);
  expect(await keysOf(database, back)).toEqual(['changed']);
  await end(database, back);
  const otherSettings = await backfillOf(database, again, { settings_id: 's' });
  expect((await keysOf(database, otherSettings)).toSorted()).toEqual(['bad', 'changed']);
});

test('what another backfill is loading is left to it', async () => {
  const { database } = await setupDatabase();
  await backfillOf(database, [anObject('a/b/1'), anObject('a/b/2')], { prefix: 'a/b/' });

  const outer = await backfillOf(database, [anObject('a/b/1'), anObject('a/b/2'), anObject('a/c')], { prefix: 'a/' });

  expect(await keysOf(database, outer)).toEqual(['a/c']);
  expect(await findBackfill(database, outer)).toMatchObject({ unchanged: 2 });
});

test('what runs goes on first, then the oldest object; no more begin than may run', async () => {
  const { database } = await setupDatabase();
  const id = await backfillOf(database, [anObject('a', 'e', 3), anObject('b', 'e', 1), anObject('c', 'e', 2)]);
  const { files } = await listBackfillFiles(database, id, { state: undefined, limit: 10, offset: 0 });
  const [b, c, a] = files.map((file) => file.id);

  expect(files.map(({ key }) => key)).toEqual(['b', 'c', 'a']);
  expect(await nextBackfillFiles(database, id, 2)).toEqual([b, c]);
  expect(await startBackfillFile(database, a ?? 0, newUploadId())).toBe(true);
  expect(await nextBackfillFiles(database, id, 10)).toEqual([a, b, c]);
  expect(await startBackfillFile(database, c ?? 0, newUploadId())).toBe(true);
  expect(await startBackfillFile(database, b ?? 0, newUploadId())).toBe(false);
  expect(await nextBackfillFiles(database, id, 10)).toEqual([c, a]);
});

test('it ends once, with what it counted; one that fails leaves its files to the next', async () => {
  const { database } = await setupDatabase();
  const id = await backfillOf(database, [anObject('a'), anObject('b')]);
  await end(database, id, { b: 'not_csv' });
  await finishBackfill(database, id, async () => {
    throw new Error('it has ended before');
  });
  expect(await findBackfill(database, id)).toMatchObject({
    status: 'completed_with_errors',
    files: { waiting: 0, running: 0, done: 1, failed: 1, skipped: 0 },
    rows: { inserted: 0, dead: 0 },
  });

  const broken = await backfillOf(database, [anObject('c'), anObject('d')]);
  const failure = { code: 'internal', detail: 'it broke' };
  expect(await failBackfill(database, broken, failure)).toMatchObject({ status: 'failed', failure });
  expect(await failBackfill(database, broken, failure)).toBeUndefined();
  const { rows: events } = await database.raw('select subject, type, severity, data from events');
  const data = { backfillId: broken, code: 'internal', link: `/v1/backfills/${broken}` };
  expect(events).toEqual([{ subject: broken, type: 'backfill.failed', severity: 'alert', data }]);
  const { backfills, total } = await listBackfills(database, { limit: 10, offset: 0 });
  expect(total).toBe(2);
  expect(backfills.map(({ status }) => status)).toEqual(['failed', 'completed_with_errors']);
  expect(backfills[0]).toMatchObject({ failure: { code: 'internal' }, files: { skipped: 2 } });

  expect(await keysOf(database, await backfillOf(database, [anObject('c'), anObject('d')]))).toEqual(['c', 'd']);
});
