import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fauxqs } from './fauxqs.ts';
import type { ObjectStore } from './object-store.ts';
import type { SegmentFiles } from './segment-files.ts';

/** A request for one object, and its answer. */
export type ObjectRequest = {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
};

/** What the routes work on. */
export type ObjectServices = {
  readonly fauxqs: Fauxqs;
  readonly objects: ObjectStore;
  readonly files: SegmentFiles;
  settled(): Promise<void>;
};

export type ObjectRoute = (context: ObjectRequest, services: ObjectServices) => Promise<void>;
