export { createObjectHandler, type ProducerSettings, publishUpload } from './object-handler.ts';
export { createRetryingHandler } from './retrying-handler.ts';
export { createSegmentHandler } from './segment-handler.ts';
