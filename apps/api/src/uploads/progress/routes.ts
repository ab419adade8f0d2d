import { type Database, findUpload } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { type Route, serve } from '../../contract/serve.ts';
import { whileAuthorized } from '../../http/while-authorized.ts';
import { requireUpload } from '../require-upload.ts';
import * as contract from './contract.ts';
import { EventStream } from './event-stream.ts';
import { toProgressEvent } from './progress-event.ts';
import { UploadWatch } from './upload-watch.ts';

export type ProgressSettings = {
  database: Database;
  logger: Logger;
  /** Aborted when the process stops: a stream would keep it waiting. */
  stopping: AbortSignal;
};

export function progressRoutes({ database, logger, stopping }: ProgressSettings): Route[] {
  const watch = new UploadWatch(database, logger);
  stopping.addEventListener('abort', () => watch.endAll(), { once: true });

  return [
    serve(contract.followUpload, async ({ path: { id }, header }, request, response) => {
      const upload = await requireUpload(id, findUpload(database, id));
      const event = toProgressEvent(upload);
      if (event.isLast && header['last-event-id'] === event.id) return { status: 204 };
      watch.refuseWhenFull();
      // The response of a client that has disconnected meanwhile emits no second 'close', so its stream would stay in the list.
      if (response.destroyed) return undefined;
      const stream = new EventStream(response);
      stream.send(event);
      if (request.method === 'HEAD' || stopping.aborted) stream.end();
      else if (!event.isLast) {
        whileAuthorized(response, (problem) => stream.refuse(problem));
        watch.follow(id, stream);
      }
      return undefined;
    }),
  ];
}
