import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ApiService } from './api-service.ts';
import type { Backfills } from './backfill.ts';
import type { Database } from './database.ts';
import type { EventFunctions, Events } from './events.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import type { WebhookFunctions, Webhooks } from './webhooks.ts';

/** What alarms and the dashboard are about. */
export type Monitored = {
  settings: Settings;
  functions: Functions & WebhookFunctions & EventFunctions & Record<'backfill', lambda.Function>;
  queues: Queues;
  webhooks: Webhooks;
  backfills: Backfills;
  events: Events;
  database: Database;
  api: ApiService;
};
