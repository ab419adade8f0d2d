import { storeNotifications } from '@rowferry/database';
import { type Event, newUploadId, type Severity } from '@rowferry/messages';
import { expect, test } from 'vitest';
import { makeKey } from '../../test/make-key.ts';
import { type ServedApi, serveApi } from '../../test/serve-api.ts';

function anEvent(severity: Severity, minute: number): Event {
  const time = new Date(Date.UTC(2026, 10, 28, 9, minute)).toISOString();
  const type = severity === 'alert' ? 'upload.failed' : 'upload.completed';
  return { id: newUploadId(), type, severity, time, version: 1, data: { link: '/v1/uploads/x' } };
}

type List = {
  data: { sequence: number; id: string; severity: Severity; time: string; read: boolean }[];
  pagination: { total: number };
  unread: number;
};

function client({ url }: ServedApi, key: string) {
  const headers = { authorization: `Bearer ${key}` };
  return {
    list: async (query = ''): Promise<List & { link: string }> => {
      const response = await fetch(`${url}/v1/notifications${query}`, { headers });
      expect(response.status).toBe(200);
      const body = (await response.json()) as List;
      return { ...body, link: response.headers.get('link') ?? '' };
    },
    read: async (sequence: unknown): Promise<number> => {
      const body = JSON.stringify({ sequence });
      const json = { ...headers, 'content-type': 'application/json' };
      return (await fetch(`${url}/v1/notifications/read-up-to`, { method: 'PUT', headers: json, body })).status;
    },
  };
}

test('notifications are listed newest first, by page, severity and what came later', async () => {
  const api = await serveApi();
  const { list } = client(api, (await makeKey(api, 'read')).key);
  const events = [anEvent('info', 1), anEvent('alert', 2), anEvent('warning', 3), anEvent('alert', 4)];
  await storeNotifications(api.database, events);
  await storeNotifications(api.database, [...events, anEvent('info', 0)]);

  const { data, pagination, unread } = await list('?limit=2&page=2');
  expect(data.map(({ time }) => time.slice(11, 16))).toEqual(['09:03', '09:02']);
  expect({ total: pagination.total, unread }).toEqual({ total: 5, unread: 5 });
  expect((await list('?limit=2')).link).toContain('rel="next"');

  const alerts = await list('?severity=alert');
  expect(alerts.data.map(({ id }) => id)).toEqual([events[3]?.id, events[1]?.id]);
  expect(alerts).toMatchObject({ pagination: { total: 2 }, unread: 2 });
  const later = await list(`?after=${alerts.data[0]?.sequence}`);
  expect(later.data.map(({ time }) => time.slice(11, 16))).toEqual(['09:00']);
});

test('what one caller has read, another has not; it never goes back, and never ahead of what there is', async () => {
  const api = await serveApi();
  const [one, other] = await Promise.all([makeKey(api, 'read'), makeKey(api, 'read')]);
  const [me, you] = [client(api, one.key), client(api, other.key)];
  await storeNotifications(api.database, [anEvent('alert', 1), anEvent('info', 2), anEvent('info', 3)]);
  const [newest, middle, oldest] = (await me.list()).data.map(({ sequence }) => sequence);

  expect(await me.read(middle)).toBe(204);
  expect(await me.read(oldest)).toBe(204);
  expect((await me.list()).data.map(({ read }) => read)).toEqual([false, true, true]);
  expect((await me.list()).unread).toBe(1);
  expect((await me.list('?severity=alert')).unread).toBe(0);
  expect((await you.list()).unread).toBe(3);

  expect(await me.read(Number(newest) + 1000)).toBe(204);
  await storeNotifications(api.database, [anEvent('info', 4)]);
  expect((await me.list()).unread).toBe(1);
  for (const bad of [-1, 1.5, '1', null]) expect(await me.read(bad)).toBe(400);
});
