import { readFile } from 'node:fs/promises';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { WorkerMetrics } from './worker-metrics.ts';

function eventOf(...agesInSeconds: number[]): SQSEvent {
  const records = agesInSeconds.map((age, index) => ({
    messageId: String(index),
    attributes: { SentTimestamp: String(Date.now() - age * 1000) },
  }));
  // Of a record the metrics read no more than that.
  return { Records: records as SQSRecord[] };
}

async function serve(metrics: WorkerMetrics): Promise<(path?: string) => Promise<Response>> {
  const running = await metrics.serve(0);
  onTestFinished(() => running.close());
  return (path = '') => fetch(running.url + path);
}

test('a worker tells how long batches took, how long they had waited and how they ended', async () => {
  const metrics = new WorkerMetrics();
  const handler = metrics.observe(async () => ({ batchItemFailures: [{ itemIdentifier: '1' }] }));
  const fetchMetrics = await serve(metrics);

  const answer = await handler(eventOf(2, 70, 3));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  const response = await fetchMetrics();
  expect(response.headers.get('content-type')).toContain('version=0.0.4');
  const lines = (await response.text()).split('\n');
  expect(lines).toContain('rowferry_row_messages_total{result="written"} 2');
  expect(lines).toContain('rowferry_row_messages_total{result="failed"} 1');
  expect(lines).toContain('rowferry_batch_write_seconds_count 1');
  expect(lines).toContain('rowferry_message_age_seconds_bucket{le="60"} 0');
  expect(lines).toContain('rowferry_message_age_seconds_bucket{le="300"} 1');
});

test('a batch whose handler throws is no write', async () => {
  const metrics = new WorkerMetrics();
  const handler = metrics.observe(async () => {
    throw new Error('unavailable');
  });
  const fetchMetrics = await serve(metrics);

  await expect(handler(eventOf(1))).rejects.toThrow('unavailable');

  expect(await (await fetchMetrics()).text()).toContain('rowferry_batch_write_seconds_count 0');
});

test('a name ends in _total where it is a counter, and only there', async () => {
  const fetchMetrics = await serve(new WorkerMetrics());
  const types = [...(await (await fetchMetrics()).text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  expect(types.length).toBeGreaterThan(10);
  for (const [, name = '', type] of types)
    expect(`${name} ${name.endsWith('_total')}`).toBe(`${name} ${type === 'counter'}`);
});

test('a worker says which version it is, and how old notifications of S3 were', async () => {
  const metrics = new WorkerMetrics();
  const handler = metrics.observeObjectEvents(async () => ({ batchItemFailures: [] }));
  const fetchMetrics = await serve(metrics);
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));

  await handler(eventOf(70));

  const lines = (await (await fetchMetrics()).text()).split('\n');
  expect(lines).toContain(`rowferry_build_info{version="${version}"} 1`);
  expect(lines).toContain('rowferry_object_event_age_seconds_bucket{le="60"} 0');
  expect(lines).toContain('rowferry_object_event_age_seconds_bucket{le="300"} 1');
  expect(lines).toContain('rowferry_message_age_seconds_count 0');
});

test('nothing else is served', async () => {
  const fetchMetrics = await serve(new WorkerMetrics());

  expect((await fetchMetrics('/more')).status).toBe(404);
});
