import { expect, test } from 'vitest';
import { costsOf } from '../src/cost/cost.ts';

test('with nothing to do, dev costs what runs by the hour', () => {
  const { parts, total } = costsOf(0, 'dev');
  // Worked out by hand, for 730 hours.
  expect(parts['load balancer']).toBeCloseTo(16.43, 2);
  expect(parts['public addresses']).toBeCloseTo(10.95, 2);
  expect(parts['endpoint of SQS']).toBeCloseTo(7.3, 2);
  expect(parts['database, instance']).toBeCloseTo(11.68, 2);
  expect(parts['database, storage']).toBeCloseTo(2.3, 2);
  expect(parts['API, tasks']).toBeCloseTo(2.16, 2);
  expect(parts.functions).toBe(0);
  expect(parts.queues).toBe(0);
  expect(total).toBeLessThan(55);
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
  [1e6, 'm7g.large', /^none/],
  [1e8, 'm7g.large', /^the ledger .* partition it by day/],
  [1e9, 'm7g.2xlarge', /^the ledger/],
  [1e11, undefined, /shard employees by address/],
] as const)('%d rows a day: the database that it takes, and what gives out first', ([rows, name, bottleneck]) => {
  const costs = costsOf(rows, 'prod');
  expect(costs.instance?.name).toBe(name);
  expect(costs.bottleneck).toMatch(bottleneck);
});

test('two zones cost twice', () => {
  expect(costsOf(0, 'prod').parts['database, instance']).toBeCloseTo(2 * 730 * 0.168, 2);
});
