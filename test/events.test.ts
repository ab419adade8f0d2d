import { randomUUID } from 'node:crypto';
import type { Message } from '@aws-sdk/client-sqs';
import { createSnsClient, publishToTopic } from '@rowferry/aws';
import { failUpload, publishEvents } from '@rowferry/database';
import { createAlertHandler, createNotificationHandler, createRelay } from '@rowferry/event-lambda';
import { type Event, newUploadId } from '@rowferry/messages';
import { anUpload, type Fixtures, receive, remove, setup, sqsEvent, takeAll } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { prepareEvents } from '../apps/local/src/events.ts';

/** Topic and queues of the test's own, as `rowferry start` makes them. */
async function setupEvents() {
  const fixtures = await setup();
  const variables = await prepareEvents(fixtures.aws, `test-${randomUUID()}`);
  const sns = createSnsClient(fixtures.aws);
  onTestFinished(() => sns.destroy());
  const settings = { database: fixtures.database, logger: fixtures.log.logger };
  return {
    ...fixtures,
    sns,
    topicArn: variables.EVENTS_TOPIC_ARN,
    notificationsUrl: variables.NOTIFICATIONS_QUEUE_URL,
    alertsUrl: variables.ALERTS_QUEUE_URL,
    storeNotifications: createNotificationHandler({ ...settings, queueName: 'notifications' }),
    logAlerts: createAlertHandler({ ...settings, queueName: 'alerts' }),
  };
}

type EventFixtures = Awaited<ReturnType<typeof setupEvents>>;

function anEvent(values: Partial<Event> = {}): Event {
  const id = newUploadId();
  return {
    id,
    type: 'upload.completed',
    severity: 'info',
    time: '2026-11-28T10:00:00.000Z',
    version: 1,
    data: {},
    ...values,
  };
}

function messageOf(body: unknown): Message {
  return { MessageId: randomUUID(), Body: JSON.stringify(body) };
}

async function bodiesIn({ sqs }: Pick<Fixtures, 'sqs'>, queueUrl: string): Promise<unknown[]> {
  return (await takeAll(sqs, queueUrl)).map(({ Body = '' }) => JSON.parse(Body));
}

async function notificationIds({ database }: Pick<Fixtures, 'database'>): Promise<string[]> {
  const { rows } = await database.raw<{ rows: { id: string }[] }>('select id from notifications order by id');
  return rows.map(({ id }) => id);
}

test('the queue of notifications gets every event as it was published, that of alerts the alerts, of any type', async () => {
  const fixtures = await setupEvents();
  const { sns, topicArn, notificationsUrl, alertsUrl } = fixtures;
  const events = [
    anEvent(),
    anEvent({ type: 'upload.completed_with_errors', severity: 'warning' }),
    anEvent({ type: 'upload.failed', severity: 'alert', data: { text: 'Ünïcode & <xml>' } }),
    anEvent({ type: 'other.unheard', severity: 'alert' }),
  ];

  expect(await publishToTopic(sns, topicArn, events)).toEqual(new Set(events.map(({ id }) => id)));

  expect(await bodiesIn(fixtures, notificationsUrl)).toEqual(events);
  expect(await bodiesIn(fixtures, alertsUrl)).toEqual(events.slice(2));
});

test('topic and subscriptions are the same the next time, and get their attributes back', async () => {
  const { aws } = await setup();
  const prefix = `test-${randomUUID()}`;
  const variables = await prepareEvents(aws, prefix);
  expect(await prepareEvents(aws, prefix)).toEqual(variables);
});

test('an event of a type that this version does not know is stored and counted, and what is no event is kept aside', async () => {
  const { storeNotifications, logAlerts, database, log } = await setupEvents();
  const unheard = anEvent({ type: 'other.unheard', severity: 'alert' });
  const messages = [unheard, unheard, { ...anEvent(), version: 2 }].map(messageOf);

  await storeNotifications(sqsEvent(messages));
  await storeNotifications(sqsEvent(messages));
  await logAlerts(sqsEvent(messages.slice(0, 1)));

  expect(await notificationIds({ database })).toEqual([unheard.id]);
  const { rows } = await database.raw<{ rows: { queue: string }[] }>('select queue from unreadable_messages');
  expect(rows.map(({ queue }) => queue)).toContain('notifications');
  expect(log.entries.filter(({ msg }) => msg === 'events of unknown types were stored')).toHaveLength(1);
  expect(log.entries.filter(({ msg }) => msg === 'alert')).toMatchObject([
    { eventId: unheard.id, type: 'other.unheard' },
  ]);
});

/** Receives what is in the queue of notifications and stores it. Where it `dies`, it does not delete what it stored. */
async function consume(fixtures: EventFixtures, { dies }: { dies: boolean }): Promise<number> {
  const messages = await receive(fixtures.sqs, fixtures.notificationsUrl);
  await fixtures.storeNotifications(sqsEvent(messages));
  if (!dies && messages.length > 0) await remove(fixtures.sqs, fixtures.notificationsUrl, messages);
  return messages.length;
}

test('a relay that is killed fifty times between commit and publication, before or after SNS has the events, loses none', async () => {
  const fixtures = await setupEvents();
  const { database, sns, topicArn } = fixtures;
  const published: string[] = [];
  const kill = async () => {
    // The session of the relay, as when its process dies: its transaction is undone.
    await database.raw(`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction'`);
  };
  for (let round = 0; round < 50; round++) {
    await failUpload(database, anUpload(), { code: 'empty_file', detail: 'The file is empty.' });
    const dying = publishEvents(database, async (events) => {
      if (round % 2 === 0) await kill();
      const taken = await publishToTopic(sns, topicArn, events);
      published.push(...taken);
      if (round % 2 === 1) await kill();
      return taken;
    });
    await expect(dying).rejects.toThrow();
    await consume(fixtures, { dies: round % 3 === 0 });
    if (round % 5 === 4) await createRelay({ database, sns, topicArn, logger: fixtures.log.logger })();
  }
  while ((await consume(fixtures, { dies: false })) > 0);

  const { rows } = await database.raw<{ rows: { id: string; subject: string }[] }>(
    'select id, subject from events where published_at is not null order by id',
  );
  expect(rows).toHaveLength(50);
  expect(await notificationIds(fixtures)).toEqual(rows.map(({ id }) => id));
  // They were published again and delivered again, with the ids that they had.
  expect(published.length).toBeGreaterThan(50);
  expect(new Set(published)).toEqual(new Set(rows.map(({ id }) => id)));
  const { rows: stored } = await database.raw<{ rows: { uploads: number }[] }>(
    `select count(distinct data ->> 'uploadId') as uploads from notifications`,
  );
  expect(stored).toEqual([{ uploads: 50 }]);
});
