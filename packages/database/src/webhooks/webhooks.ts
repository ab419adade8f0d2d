import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** Why a webhook is called no more: it answered 410, or took nothing in a day. */
export type DisabledReason = 'gone' | 'failing';

/** A webhook as it is shown: without its secrets. */
export type WebhookRecord = {
  id: string;
  url: string;
  types: string[];
  description: string | null;
  created_at: Date;
  last_success_at: Date | null;
  disabled_at: Date | null;
  disabled_reason: DisabledReason | null;
  /** While two secrets sign. */
  previous_secret_until: Date | null;
};

export type NewWebhook = Pick<WebhookRecord, 'id' | 'url' | 'types' | 'description'> & { host: string; secret: string };

const COLUMNS = `id, url, types, description, created_at, last_success_at, disabled_at, disabled_reason,
  case when previous_secret_until > :now then previous_secret_until end as previous_secret_until`;

/** One adds at a time, so that many that are added at once do not exceed the maximum. */
const LOCK_WEBHOOKS = statement(`select pg_advisory_xact_lock(hashtext('rowferry: number of webhooks'))`);
const ADD_WEBHOOK = statement(`
  insert into webhooks (id, url, host, types, description, secret, created_at)
  select cast(:id as uuid), :url, :host, cast(:types as text[]), :description, :secret, :now
  where (select count(*) from webhooks) < :max
  returning ${COLUMNS}`);

/** @returns undefined when there are `max` already. */
export async function addWebhook(
  database: Database,
  webhook: NewWebhook,
  { now, max }: { now: Date; max: number },
): Promise<WebhookRecord | undefined> {
  return database.transaction(async (trx) => {
    await query(trx, LOCK_WEBHOOKS);
    const [added] = await query<WebhookRecord>(trx, ADD_WEBHOOK, { ...webhook, now, max });
    return added;
  });
}

const LIST_WEBHOOKS = statement(`select ${COLUMNS} from webhooks order by created_at, id`);

/** Every webhook, oldest first. There are few. */
export async function listWebhooks(database: Database, now: Date): Promise<WebhookRecord[]> {
  return query<WebhookRecord>(database, LIST_WEBHOOKS, { now });
}

const FIND_WEBHOOK = statement(`select ${COLUMNS} from webhooks where id = :id`);

export async function findWebhook(database: Database, id: string, now: Date): Promise<WebhookRecord | undefined> {
  const [found] = await query<WebhookRecord>(database, FIND_WEBHOOK, { id, now });
  return found;
}

const DELETE_WEBHOOK = statement('delete from webhooks where id = ?');

/** Deletes it with its deliveries. Calling it again changes nothing. */
export async function deleteWebhook(database: Database, id: string): Promise<void> {
  await query(database, DELETE_WEBHOOK, [id]);
}

const ROTATE_SECRET = statement(`
  update webhooks set previous_secret = secret, previous_secret_until = :until, secret = :secret
  where id = :id returning ${COLUMNS}`);

/** Gives it another secret; the one that it had signs as well until then. @returns undefined when there is no such webhook. */
export async function rotateWebhookSecret(
  database: Database,
  { id, secret, now, until }: { id: string; secret: string; now: Date; until: Date },
): Promise<WebhookRecord | undefined> {
  const [rotated] = await query<WebhookRecord>(database, ROTATE_SECRET, { id, secret, now, until });
  return rotated;
}

const ENABLE_WEBHOOK = statement(`
  update webhooks set disabled_at = null, disabled_reason = null where id = :id returning ${COLUMNS}`);

/** Lets it be called for events from now on. @returns undefined when there is no such webhook. */
export async function enableWebhook(database: Database, id: string, now: Date): Promise<WebhookRecord | undefined> {
  const [enabled] = await query<WebhookRecord>(database, ENABLE_WEBHOOK, { id, now });
  return enabled;
}
