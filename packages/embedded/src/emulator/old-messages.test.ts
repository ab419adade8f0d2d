import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CreateQueueCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { setupEmulator } from '../../test/emulator-fixture.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';

/** Of queues and messages, the schema of 0.1.0. */
const SCHEMA = `
create table queues (
  name text primary key, arn text not null, attributes text not null, tags text not null,
  created integer not null, modified integer not null, sequence integer not null
) strict;
create table messages (
  message_id text primary key, queue_name text not null, body text not null, facts text not null,
  receive_count integer not null, first_received integer, receipt_handle text, visible_at integer
) strict;
create index messages_queue on messages (queue_name);`;

const LARGE = `Zoë “quoted” \\ 🚢 ${'x'.repeat(90_000)}`;
const TWICE = 'received "twice"';

function fillAsVersion010(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`pragma page_size = 16384; pragma journal_mode = wal; ${SCHEMA}`);
  const attributes = JSON.stringify({ VisibilityTimeout: '600', MaximumMessageSize: '1048576' });
  database
    .prepare('insert into queues values (?, ?, ?, ?, 1, 1, 0)')
    .run('rows', 'arn:aws:sqs:us-east-1:000000000000:rows', attributes, '{}');
  const insert = database.prepare('insert into messages values (?, ?, ?, ?, ?, ?, ?, ?)');
  const factsOf = (body: string) =>
    JSON.stringify({
      md5OfBody: createHash('md5').update(body).digest('hex'),
      messageAttributes: { kind: { DataType: 'String', StringValue: 'rows' } },
      md5OfMessageAttributes: '',
      sentTimestamp: 1,
    });
  const inAnHour = Date.now() + 3_600_000;
  insert.run('id-1', 'rows', LARGE, factsOf(LARGE), 0, null, null, null);
  insert.run('id-2', 'rows', 'in flight', factsOf('in flight'), 1, 5, 'handle', inAnHour);
  insert.run('id-3', 'rows', TWICE, factsOf(TWICE), 2, 7, null, null);
  database.close();
}

test('messages of version 0.1.0 are in their queues, with bodies, attributes and receive counts, and stay there', async () => {
  const dataDir = await temporaryDirectory();
  fillAsVersion010(join(dataDir, 'emulator.db'));
  const first = await setupEmulator({ dataDir });
  await first.emulator.stop();

  const { sqs } = await setupEmulator({ dataDir });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'rows' }));
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      ...{ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] },
      MessageSystemAttributeNames: ['All'],
    }),
  );
  const seen = ({ MessageId, Body, Attributes, MessageAttributes }: Message) => [
    ...[MessageId, Body, Attributes?.ApproximateReceiveCount, MessageAttributes?.kind?.StringValue],
  ];
  expect(Messages.map(seen)).toEqual([
    ['id-1', LARGE, '1', 'rows'],
    ['id-3', TWICE, '3', 'rows'],
  ]);
});
