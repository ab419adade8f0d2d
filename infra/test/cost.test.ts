import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { costsOf } from '../src/cost/cost.ts';

test('with nothing to do, dev costs what runs by the hour', () => {
  const { parts, total } = costsOf(0, 'dev');
  // Worked out by hand, for 730 hours.
  expect(parts['load balancer']).toBe(0);
  expect(parts['public addresses']).toBeCloseTo(3.65, 2);
  expect(parts['endpoints of the network']).toBeCloseTo(14.6, 2);
  expect(parts['database, instance']).toBeCloseTo(11.68, 2);
  expect(parts['database, storage']).toBeCloseTo(2.3, 2);
  expect(parts['API, tasks']).toBeCloseTo(2.16, 2);
  expect(parts.functions).toBe(0);
  expect(parts.queues).toBe(0);
  expect(total).toBeLessThanOrEqual(50);
  expect(total).toBeCloseTo(
    Object.values(parts).reduce((sum, dollars) => sum + dollars),
    6,
  );
});

test('a hundred million rows a day are half a million messages, and some gigabytes more each day', () => {
  const { messagesPerDay, databaseGb, parts } = costsOf(1e8, 'prod');
  expect(messagesPerDay).toBe(500_000);
  // 90 days of 100 million rows: 114 B in the ledger, and a thirtieth of 667 B of employees.
  expect(databaseGb).toBeCloseTo((90 * 1e8 * (114 + 667 / 30)) / 1e9, 6);
  // 15.2 million messages a month, 0.9 requests each, at $0.40 a million.
  expect(parts.queues).toBeCloseTo(15.2 * 0.9 * 0.4, 2);
});

test('what varies with the rows grows with them, and what does not stays', () => {
  const [less, more] = [costsOf(1e7, 'prod'), costsOf(1e8, 'prod')];
  for (const part of ['functions', 'queues', 'files'])
    expect(more.parts[part]).toBeCloseTo(10 * (less.parts[part] ?? 0), 4);
  for (const part of ['load balancer', 'API, tasks', 'firewall']) expect(more.parts[part]).toBe(less.parts[part]);
});

test.for([
  [1e6, 'm7g.large', [], /^storage/],
  [1e8, 'm7g.large', [/^storage/], /^the 2 cores of m7g.large/],
  [1e9, 'm7g.2xlarge', [/^storage/, /^the 2 cores/], /^the write-ahead log/],
  [1e11, undefined, [/^storage/, /^the 2 cores/, /^the write-ahead log/, /^the cores of the largest/], undefined],
] as const)(
  '%d rows a day: the database that it takes, what gives out, and what next',
  ([rows, name, reached, next]) => {
    const costs = costsOf(rows, 'prod');
    expect(costs.instance?.name).toBe(name);
    expect(costs.reached.map(({ what }) => what)).toEqual(reached.map((what) => expect.stringMatching(what)));
    if (next === undefined) expect(costs.next).toBeUndefined();
    else expect(costs.next?.what).toMatch(next);
  },
);

test('what lifts each limit is named: partitions that expire, a larger instance, throughput, shards by address', () => {
  const [storage, cores, log, largest] = costsOf(1e11, 'prod').reached;
  expect(storage?.lift).toMatch(/partition the ledger .* by day and drop partitions that have expired/);
  // 1,000 GB by 90 days of 114 B of ledger and a thirtieth of 667 B of employees.
  expect(storage?.rowsPerDay).toBeCloseTo(1e12 / (90 * (114 + 667 / 30)), 0);
  expect(cores?.lift).toContain('a larger instance');
  // Two cores, 4,500 rows a second each, eight hours a day.
  expect(cores?.rowsPerDay).toBeCloseTo(2 * 4500 * 8 * 3600, 0);
  expect(log?.lift).toContain('throughput');
  expect(largest?.lift).toMatch(/shard .* by e-mail address/);
});

test('two zones cost twice', () => {
  expect(costsOf(0, 'prod').parts['database, instance']).toBeCloseTo(2 * 730 * 0.168, 2);
});

test('docs/aws.md has what npm run cost says, to two digits', () => {
  const docs = readFileSync('docs/aws.md', 'utf8');
  const rows = [
    ['dev', '0 to 100,000', 1e5],
    ['prod', '1 million', 1e6],
    ['prod', '100 million', 1e8],
    ['prod', '1 billion', 1e9],
  ] as const;
  for (const [stage, words, rowsPerDay] of rows) {
    const { total, instance } = costsOf(rowsPerDay, stage);
    const dollars = Number(total.toPrecision(2)).toLocaleString('en-US');
    expect(docs).toContain(`| ${stage} | ${words} | $${dollars} | ${instance?.name}, `);
  }
});
