import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PendingNotifications } from './pending-notifications.ts';

const LONG_MS = 60_000;

test('what was heard of is taken once, each thing once', () => {
  const news = new PendingNotifications();
  for (const id of ['a', 'b', 'a']) news.add(id);

  expect([...news.take()]).toEqual(['a', 'b']);
  expect([...news.take()]).toEqual([]);
});

test('who waits is woken by news, also by what came before it began to wait', async () => {
  const news = new PendingNotifications();
  const { signal } = new AbortController();

  const waiting = news.wait(LONG_MS, signal);
  news.add('a');
  await waiting;
  await news.wait(LONG_MS, signal);

  expect([...news.take()]).toEqual(['a']);
});

test('without news it waits until the time is over, or it is stopped', async () => {
  const news = new PendingNotifications();
  const stopping = new AbortController();
  news.add('a');
  news.take();

  await news.wait(1, stopping.signal);
  const waiting = news.wait(LONG_MS, stopping.signal);
  expect(await Promise.race([waiting.then(() => 'woken'), delay(50, 'waiting')])).toBe('waiting');
  stopping.abort();
  await waiting;
});
