import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { GroupCommit } from './group-commit.ts';

function setup() {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec('create table writes (id integer)');
  const commits = new GroupCommit(database);
  const log: string[] = [];
  const write = async (name: string) => {
    commits.begin();
    database.exec('insert into writes values (1)');
    await commits.settled();
    log.push(`${name} ${database.isTransaction ? 'open' : 'committed'}`);
  };
  return { database, commits, log, write };
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
