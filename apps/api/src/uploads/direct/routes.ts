import { findUpload } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { mayRead, senderOf } from '../../access/caller.ts';
import { type Route, serve } from '../../contract/serve.ts';
import { Idempotency } from '../../idempotency/idempotency.ts';
import { ApiProblem } from '../../problems/api-problem.ts';
import { requireUpload } from '../require-upload.ts';
import { accepted, toUploadResource, withoutDetails } from '../resource.ts';
import { completeUpload } from './complete-upload.ts';
import * as contract from './contract.ts';
import { fingerprintOf, planUpload, type Store } from './plan-upload.ts';

export type DirectUploadSettings = Store & { maxUploadBytes: number };

/** Uploads whose bytes do not pass through this server: it signs the URLs, and the client reports when all parts are in S3. */
export function directUploadRoutes({ maxUploadBytes, ...store }: DirectUploadSettings): Route[] {
  const { database } = store;
  const idempotency = new Idempotency(database);

  return [
    serve(contract.planUpload, async ({ body: { profile, settings = {}, ...body }, header }, request) => {
      if (body.sizeBytes > maxUploadBytes) {
        throw new ApiProblem('file_too_large', `This server takes ${maxUploadBytes} bytes at most.`);
      }
      const file = { ...body, requested: profile === undefined ? settings : { profile } };
      const fingerprint = fingerprintOf(file);
      return idempotency.run(request, contract.planUpload.operationId, header['idempotency-key'], {
        fingerprint: () => fingerprint,
        perform: async ({ note }) => {
          const id = newUploadId(body.fileName);
          await note({ fingerprint, uploadId: id });
          const { parts, expiresAt } = await planUpload(
            store,
            { id, requestId: request.id, sender: senderOf(request) },
            file,
          );
          const Location = `/v1/uploads/${id}`;
          request.log.info({ uploadId: id, sizeBytes: body.sizeBytes, parts: parts.length }, 'direct upload planned');
          return {
            status: 201,
            headers: { Location },
            body: {
              upload: toUploadResource(await requireUpload(id, findUpload(database, id))),
              parts,
              expiresAt: expiresAt.toISOString(),
              completeUrl: `${request.publicPrefix}${Location}/complete`,
            },
          };
        },
      });
    }),

    serve(contract.completeUpload, async ({ path: { id }, body }, request) => {
      await completeUpload(store, id, body.parts);
      request.log.info({ uploadId: id }, 'upload received');
      const upload = await requireUpload(id, findUpload(database, id));
      return accepted(mayRead(request) ? upload : withoutDetails(upload));
    }),
  ];
}
