import { findUpload, listUploads as listUploadRecords, receiveUpload } from '@rowferry/database';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, sendPage } from '../http/pagination.ts';
import { ApiProblem } from '../problems/catalogue.ts';
import { FILE_FIELD, listUploads, sendFile, showUpload } from './contract.ts';
import { receiveFile } from './receive-file.ts';
import { receivedUpload, toUploadResource } from './resource.ts';
import type { UploadStore } from './storage-engine.ts';

export type UploadRouteSettings = UploadStore & { maxUploadBytes: number };

/** Seconds after which a client does well to ask how an upload is doing: a small file has landed by then. */
export const FOLLOW_AFTER_SECONDS = 1;

export function uploadRoutes({ maxUploadBytes, ...store }: UploadRouteSettings): Route[] {
  const { database } = store;
  const receive = receiveFile(store, maxUploadBytes);

  return [
    serve(sendFile, async (_input, request, response) => {
      const pending = await receive(request, response);
      if (pending === undefined)
        throw new ApiProblem('no_file', `Send the file in the multipart field "${FILE_FIELD}".`);
      const stored = await pending.complete();
      // From here on the file is in S3 and will be read, whatever happens to this process.
      await receiveUpload(database, pending.id, stored).catch((error: unknown) =>
        request.log.warn(
          { uploadId: pending.id, err: error },
          'an upload is stored but could not be marked as received',
        ),
      );
      request.log.info({ uploadId: pending.id, sizeBytes: stored.sizeBytes }, 'an upload was received');
      const upload = receivedUpload({ id: pending.id, fileName: pending.fileName, sizeBytes: stored.sizeBytes });
      return {
        status: 202,
        headers: { Location: `/v1/uploads/${pending.id}`, 'Retry-After': String(FOLLOW_AFTER_SECONDS) },
        body: toUploadResource(upload),
      };
    }),

    serve(listUploads, async ({ query: { status, ...page } }, request, response) => {
      const { uploads, total } = await listUploadRecords(database, {
        limit: page.limit,
        offset: offsetOf(page),
        status,
      });
      sendPage(request, response, page, { data: uploads.map(toUploadResource), total });
      return undefined;
    }),

    serve(showUpload, async ({ path: { id } }) => {
      const upload = await findUpload(database, id);
      if (upload === undefined) throw new ApiProblem('upload_not_found', `There is no upload ${id}.`);
      return { status: 200, body: toUploadResource(upload) };
    }),
  ];
}
