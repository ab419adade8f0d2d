export { dispatchDue } from './dispatch-due.ts';
export { recordAnswer } from './record-answer.ts';
export { createWebhookHandler } from './webhook-handler.ts';
export { wakeThrough } from './webhook-queues.ts';
export type { WebhookSettings } from './webhook-settings.ts';
