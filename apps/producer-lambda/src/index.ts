export { createObjectHandler, type ProducerSettings } from './object-handler.ts';
export { createSegmentHandler } from './segment-handler.ts';
