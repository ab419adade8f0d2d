import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { type Durability, GroupCommit } from './group-commit.ts';

function setup() {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec('create table writes (id integer)');
  const log: string[] = [];
  let syncs = 0;
  const commits = new GroupCommit(database, () => {
    expect(database.isTransaction).toBe(false);
    syncs += 1;
  });
  const write = async (name: string, durability?: Durability) => {
    commits.begin(durability);
    database.exec('insert into writes values (1)');
    await commits.settled();
    log.push(`${name} ${database.isTransaction ? 'open' : 'committed'}`);
  };
  return { database, commits, log, write, syncs: () => syncs };
}

test('writes of one turn share a commit, and are settled only after it', async () => {
  const { commits, log, write } = setup();
  let transactions = 0;
  commits.beforeCommit(() => {
    transactions += 1;
  });
  await Promise.all([write('a'), write('b')]);
  expect([log, transactions]).toEqual([['a committed', 'b committed'], 1]);
  await write('c');
  expect([log.at(-1), transactions]).toEqual(['c committed', 2]);
});

test('a commit hook still writes inside of the transaction', async () => {
  const { database, commits, write } = setup();
  commits.beforeCommit(() => database.exec('insert into writes values (2)'));
  await write('a');
  expect(database.prepare('select count(*) as count from writes').get()?.count).toBe(2);
});

test('a callback waits for the commit, and runs at once when there is nothing to commit', async () => {
  const { commits, log, write } = setup();
  commits.afterCommit(() => log.push('at once'));
  const writing = write('a');
  commits.afterCommit(() => log.push('removed'));
  expect(log).toEqual(['at once']);
  await writing;
  expect(log).toEqual(['at once', 'removed', 'a committed']);
});

test('the disk is waited for once a commit, and not where all that was written may be lost by a power cut', async () => {
  const { log, write, syncs } = setup();
  await write('a', 'written');
  expect([log, syncs()]).toEqual([['a committed'], 0]);
  await Promise.all([write('b', 'written'), write('c'), write('d', 'written')]);
  expect(syncs()).toBe(1);
  await write('e', 'written');
  expect(syncs()).toBe(1);
});

test('the disk is waited for before a callback', async () => {
  const { commits, log, write, syncs } = setup();
  const writing = write('a', 'written');
  commits.afterCommit(() => log.push(`after ${syncs()} syncs`));
  await writing;
  expect(log).toEqual(['after 1 syncs', 'a committed']);
});
