import type { ApiService } from './api-service.ts';
import type { Database } from './database.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import type { WebhookFunctions, Webhooks } from './webhooks.ts';

/** What alarms and the dashboard are about. */
export type Monitored = {
  settings: Settings;
  functions: Functions & WebhookFunctions;
  queues: Queues;
  webhooks: Webhooks;
  database: Database;
  api: ApiService;
};
