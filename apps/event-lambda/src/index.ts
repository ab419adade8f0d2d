export { createAlertHandler } from './alert-handler.ts';
export { createNotificationHandler } from './notification-handler.ts';
export { createRelay, type RelaySettings } from './relay.ts';
