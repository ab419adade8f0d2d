export { createRowHandler, type RowHandlerSettings } from './row-handler.ts';
