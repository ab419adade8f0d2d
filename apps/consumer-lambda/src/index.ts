export { createDeadLetterHandler, type DeadLetterSettings } from './dead-letter-handler.ts';
export { createDeadTaskHandler } from './dead-task-handler.ts';
export { createLostEventHandler, failLostUpload } from './lost-event-handler.ts';
export { createRowHandler, type RowHandlerSettings } from './row-handler.ts';
