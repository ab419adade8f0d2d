import type { ApiService } from './api-service.ts';
import type { Database } from './database.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';
import type { Settings } from './settings.ts';

/** What alarms and the dashboard are about. */
export type Monitored = {
  settings: Settings;
  functions: Functions;
  queues: Queues;
  database: Database;
  api: ApiService;
};
