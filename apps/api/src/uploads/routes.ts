import { findUpload, listUploads, receiveUpload } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { offsetOf, sendPage } from '../http/pagination.ts';
import { checkParameters, idParameters, pageParameters } from '../http/parameters.ts';
import { ApiProblem } from '../problems/catalogue.ts';
import { methodNotAllowed } from '../problems/problem-handler.ts';
import { FILE_FIELD, receiveFile } from './receive-file.ts';
import { receivedUpload, toUploadResource } from './resource.ts';
import type { UploadStore } from './storage-engine.ts';

export type UploadRouteSettings = UploadStore & { maxUploadBytes: number; logger: Logger };

const listParameters = z.object(pageParameters);

export function uploadRoutes({ logger, maxUploadBytes, ...store }: UploadRouteSettings): Router {
  const { database } = store;

  const create: RequestHandler = async (request, response) => {
    const pending = request.file?.pending;
    if (pending === undefined) throw new ApiProblem('no_file', `Send the file in the multipart field "${FILE_FIELD}".`);
    const stored = await pending.complete();
    // From here on the file is in S3 and will be read, whatever happens to this process.
    await receiveUpload(database, pending.id, { sizeBytes: stored.sizeBytes, sha256: stored.sha256, version: stored.etag }).catch(
      (error: unknown) => logger.warn({ uploadId: pending.id, err: error }, 'an upload is stored but could not be marked as received'),
    );
    const upload = receivedUpload({ id: pending.id, fileName: pending.fileName, sizeBytes: stored.sizeBytes });
    logger.info({ uploadId: pending.id, sizeBytes: stored.sizeBytes }, 'an upload was received');
    response.status(202).location(`/v1/uploads/${pending.id}`).json(toUploadResource(upload));
  };

  const list: RequestHandler = async (request, response) => {
    const page = checkParameters(listParameters, request.query);
    const { uploads, total } = await listUploads(database, { limit: page.limit, offset: offsetOf(page) });
    sendPage(request, response, page, { data: uploads.map(toUploadResource), total });
  };

  const show: RequestHandler = async (request, response) => {
    const { id } = checkParameters(idParameters, request.params);
    const upload = await findUpload(database, id);
    if (upload === undefined) throw new ApiProblem('upload_not_found', `There is no upload ${id}.`);
    response.json(toUploadResource(upload));
  };

  const router = Router();
  router.route('/v1/employee-data-upload').post(receiveFile(store, maxUploadBytes), create).all(methodNotAllowed('POST'));
  router.route('/v1/uploads').get(list).all(methodNotAllowed('GET'));
  router.route('/v1/uploads/:id').get(show).all(methodNotAllowed('GET'));
  return router;
}
