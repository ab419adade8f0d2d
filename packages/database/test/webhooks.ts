import { randomUUID } from 'node:crypto';
import type { Database } from '../src/connection/connect.ts';
import { addWebhook, type NewWebhook } from '../src/webhooks/webhooks.ts';

export const NOON = new Date('2026-11-28T12:00:00.000Z');

export function afterNoon(seconds: number): Date {
  return new Date(NOON.getTime() + seconds * 1000);
}

/** A webhook for `upload.completed`. @returns its id. */
export async function anWebhook(database: Database, given: Partial<NewWebhook> = {}): Promise<string> {
  const id = randomUUID();
  const host = given.host ?? 'hooks.example';
  const webhook = { id, url: `https://${host}/`, types: ['upload.completed'], description: null, secret: 'whsec_new' };
  await addWebhook(database, { ...webhook, ...given, host }, { now: NOON, max: 100 });
  return given.id ?? id;
}
