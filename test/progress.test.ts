import { createRowHandler } from '@rowferry/consumer-lambda';
import { createObjectHandler, createSegmentHandler } from '@rowferry/producer-lambda';
import { handlerSettings, putObject, receive, remove, s3Record, sqsEvent, takeAll } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { serveApi } from '../apps/api/test/serve-api.ts';

const MIB = 1024 * 1024;
const ROWS = 1200;

type Shown = { status: string; total: number; progress: number; estimatedSecondsLeft: number | null };

/** Over 8 MiB, so that it is read in segments. */
function largeFile(): string {
  const notes = 'n'.repeat(7500);
  const lines = Array.from({ length: ROWS }, (_, index) => `Ann,Acme,0301234567,ann${index}@acme.example,${notes}`);
  return ['Name,Company,Phone,Mail,Notes', ...lines].join('\n');
}

test('the progress of a file over 8 MiB is known before its first row, and rises with its rows', async () => {
  const fixtures = await serveApi();
  const { s3, sqs, bucket, rowQueueUrl, segmentQueueUrl, url } = fixtures;
  const settings = handlerSettings(fixtures);
  const content = largeFile();
  expect(content.length).toBeGreaterThan(8 * MIB);
  const object = await putObject(s3, { bucket, key: 'uploads/staff.csv', content });
  const importRows = createRowHandler(settings);
  const importBatch = async (): Promise<boolean> => {
    const messages = await receive(sqs, rowQueueUrl);
    expect(await importRows(sqsEvent(messages))).toEqual({ batchItemFailures: [] });
    if (messages.length > 0) await remove(sqs, rowQueueUrl, messages);
    return messages.length > 0;
  };
  const show = async (): Promise<Shown> => {
    const response = await fetch(`${url}/v1/uploads`);
    const { data } = (await response.json()) as { data: [Shown] };
    return data[0];
  };

  await createObjectHandler(settings)({ Records: [s3Record(object)] });
  expect(await importBatch()).toBe(true);
  expect(await show()).toMatchObject({ status: 'processing', total: ROWS, progress: 0, estimatedSecondsLeft: null });

  await createSegmentHandler(settings)(sqsEvent(await takeAll(sqs, segmentQueueUrl)));
  const seen: Shown[] = [];
  while (await importBatch()) seen.push(await show());

  const under = seen.filter(({ progress }) => progress < 1);
  expect(new Set(under.map(({ progress }) => progress)).size).toBeGreaterThan(3);
  expect(seen.map(({ progress }) => progress)).toEqual(seen.map(({ progress }) => progress).toSorted((a, b) => a - b));
  expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([ROWS]));
  expect(under.every(({ estimatedSecondsLeft }) => Number.isInteger(estimatedSecondsLeft))).toBe(true);
  expect(await show()).toMatchObject({ status: 'completed', total: ROWS, progress: 1, estimatedSecondsLeft: null });
});
