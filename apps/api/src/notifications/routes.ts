import { type Database, listNotifications, markNotificationsRead, type NotificationRecord } from '@rowferry/database';
import type { Request } from 'express';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, pageReply } from '../http/pagination.ts';
import * as contract from './contract.ts';

export function notificationRoutes(database: Database): Route[] {
  return [
    serve(contract.listNotifications, async ({ query: { page, limit, severity, after } }, request) => {
      const asked = { caller: readerOf(request), severity, after, limit, offset: offsetOf({ page, limit }) };
      const { notifications, total, unread } = await listNotifications(database, asked);
      const reply = pageReply(request, { page, limit }, notifications.map(toResource), { total, totalRelation: 'eq' });
      return { ...reply, body: { ...reply.body, unread } };
    }),

    serve(contract.markNotificationsRead, async ({ body: { sequence } }, request) => {
      await markNotificationsRead(database, { caller: readerOf(request), sequence });
      return { status: 204 };
    }),
  ];
}

/** All who are let in without credentials are on this machine. */
function readerOf({ caller }: Request): string {
  return caller?.kind === 'known' ? caller.id : 'anonymous';
}

function toResource({ sequence, id, type, severity, data, occurred_at, is_read }: NotificationRecord) {
  return { sequence, id, type, severity, data, time: occurred_at.toISOString(), read: is_read };
}
