import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { GroupCommit } from './group-commit.ts';

/** A disk whose every fsync ends when the test says so. */
function setup() {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec('create table writes (id integer)');
  const syncs: (() => void)[] = [];
  const commits = new GroupCommit(database, () => new Promise((resolve) => syncs.push(resolve)));
  const log: string[] = [];
  const write = (name: string) => {
    commits.begin();
    database.exec('insert into writes values (1)');
    void commits.settled().then(() => log.push(name));
  };
  return { database, commits, syncs, log, write };
}

test('writes of one turn share a commit, and are settled only when it is on disk', async () => {
  const { database, syncs, log, write } = setup();
  write('a');
  write('b');
  expect(database.isTransaction).toBe(true);
  await nextTurn();
  expect([database.isTransaction, syncs.length, log]).toEqual([false, 1, []]);
  syncs[0]?.();
  await nextTurn();
  expect(log).toEqual(['a', 'b']);
});

test('what is written during an fsync waits for the next one, together', async () => {
  const { syncs, log, write } = setup();
  write('a');
  await nextTurn();
  write('b');
  await nextTurn();
  write('c');
  await nextTurn();
  expect(syncs).toHaveLength(1);
  syncs[0]?.();
  await nextTurn();
  expect([log, syncs.length]).toEqual([['a'], 2]);
  syncs[1]?.();
  await nextTurn();
  expect(log).toEqual(['a', 'b', 'c']);
});

test('a transaction that is open when an fsync ends is synced after its commit', async () => {
  const { commits, syncs, log, write } = setup();
  write('a');
  commits.commit();
  write('b');
  syncs[0]?.();
  await Promise.resolve();
  await nextTurn();
  await nextTurn();
  expect([log, syncs.length]).toEqual([['a'], 2]);
  syncs[1]?.();
  await nextTurn();
  expect(log).toEqual(['a', 'b']);
});

test('files are removed after the commit that lets go of them, and at once when nothing is to be committed', async () => {
  const { commits, syncs, log, write } = setup();
  commits.afterCommit(() => log.push('at once'));
  write('a');
  commits.afterCommit(() => log.push('removed'));
  await nextTurn();
  expect(log).toEqual(['at once']);
  syncs[0]?.();
  await nextTurn();
  expect(log).toContain('removed');
});
