import { createHash } from 'node:crypto';
import { decodeMessage } from '@rowferry/messages';
import { csvOf, deliver, removeObject, s3Record, sqsEvent } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { only, rowsIn, setupProducer } from '../test/setup-producer.ts';

const HEADER = ['employee_name', 'company_name', 'mobile_no', 'email'];

/** Enough for a second segment: what is above 8 MiB is read segment by segment. */
const ROWS = 44_000;
const STREET = 'Somewhere '.repeat(15);

/** A large file with line ends inside quotes, and the line on which each of its rows starts. */
function largeFile() {
  const lines: number[] = [];
  let line = 2;
  const records = Array.from({ length: ROWS }, (_, index) => {
    lines.push(line);
    const isLong = index % 10 === 0;
    line += isLong ? 2 : 1;
    const company = isLong ? `Acme, "Rockets"\nin ${STREET}` : `Acme in ${STREET}`;
    return [`Person ${index}`, company, '+49 170 1234567', `${index}@x.org`];
  });
  return { content: csvOf([HEADER, ...records]), lines };
}

test('of a large file every record is in exactly one message, whichever worker reads its segment', async () => {
  const { handleObjects, publishTasks, takeBodies, takeMessages, put } = await setupProducer({
    rowsPerMessage: 100,
  });
  const { content, lines } = largeFile();
  expect(Buffer.byteLength(content)).toBeGreaterThan(8 * 1024 * 1024);
  const object = await put('uploads/large.csv', content);

  await handleObjects({ Records: [s3Record(object)] });

  const [started, ...others] = await takeMessages();
  expect(others).toEqual([]);
  const sha256 = createHash('sha256').update(content).digest('hex');
  expect(started).toMatchObject({ type: 'upload.started', upload: { key: object.key }, sha256 });
  const segments = started?.type === 'upload.started' ? started.segments : 0;
  expect(segments).toBeGreaterThan(1);

  expect(await publishTasks()).toEqual([]);
  const bodies = await takeBodies();
  const messages = bodies.map(decodeMessage);
  expect(Math.max(...bodies.map((body) => Buffer.byteLength(body)))).toBeLessThanOrEqual(64 * 1024);
  expect(Math.max(...only(messages, 'rows').map(({ rows }) => rows.length))).toBeLessThanOrEqual(100);
  const rows = rowsIn(messages);
  expect(rows).toHaveLength(ROWS);
  expect(rows.map((row) => row.line)).toEqual(lines);
  expect(rows.map((row) => ('email' in row ? row.email : null))).toEqual(lines.map((_, index) => `${index}@x.org`));
  const finished = only(messages, 'segment.finished');
  expect(finished.map(({ segment }) => segment).toSorted()).toEqual(
    Array.from({ length: segments }, (_, index) => index),
  );
  expect(finished.reduce((sum, { rows }) => sum + rows, 0)).toBe(ROWS);
});

test('a large file that is removed before its segments are read has failed', async () => {
  const { handleObjects, publishTasks, takeMessages, put, s3 } = await setupProducer();
  const object = await put('uploads/large.csv', largeFile().content);
  await handleObjects({ Records: [s3Record(object)] });
  await takeMessages();
  await removeObject(s3, object);

  expect(await publishTasks()).toEqual([]);

  const failed = only(await takeMessages(), 'upload.failed');
  expect(failed.length).toBeGreaterThan(0);
  expect(failed[0]).toMatchObject({ upload: { key: object.key }, failure: { code: 'object_gone' } });
});

test('a task that nobody can read comes again until the dead-letter queue has it; others are done', async () => {
  const { handleObjects, handleSegments, put, sqs, segmentQueueUrl, takeMessages, takeTasks } = await setupProducer({
    rowsPerMessage: 100,
  });
  await handleObjects({ Records: [s3Record(await put('uploads/large.csv', largeFile().content))] });
  await takeMessages();
  const [task] = await takeTasks();
  const messages = await deliver(sqs, segmentQueueUrl, ['not JSON', JSON.stringify({ v: 999 }), JSON.stringify(task)]);

  const answer = await handleSegments(sqsEvent(messages));

  expect(answer.batchItemFailures).toEqual(
    messages.slice(0, 2).map(({ MessageId }) => ({ itemIdentifier: MessageId })),
  );
  expect(only(await takeMessages(), 'segment.finished')).toHaveLength(1);
});
