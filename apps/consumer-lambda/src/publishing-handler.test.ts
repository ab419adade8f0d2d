import { randomUUID } from 'node:crypto';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { createSnsClient } from '@rowferry/aws';
import { failUpload, measureOutbox } from '@rowferry/database';
import { anUpload, setup } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { publishingAfter } from './publishing-handler.ts';

test('what a batch makes true is published at its end; where it cannot be, the batch is done all the same and the event waits', async () => {
  const { database, aws, log } = await setup();
  const sns = createSnsClient(aws);
  onTestFinished(() => sns.destroy());
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `test-${randomUUID()}` }));
  const handlerTo = (topicArn: string | undefined) =>
    publishingAfter({ database, sns, topicArn, logger: log.logger }, async (upload: string) => {
      await failUpload(database, anUpload(), { code: 'empty_file', detail: 'The file is empty.' });
      return upload;
    });
  const waiting = async () => (await measureOutbox(database)).waiting;

  expect(await handlerTo(TopicArn.replace('test-', 'gone-'))('a')).toBe('a');
  expect(await waiting()).toBe(1);
  expect(log.entries.map(({ msg }) => msg)).toContain('publishing events failed; they wait in the database');
  expect(await handlerTo(undefined)('b')).toBe('b');
  expect(await waiting()).toBe(2);
  expect(await handlerTo(TopicArn)('c')).toBe('c');
  expect(await waiting()).toBe(0);
});
