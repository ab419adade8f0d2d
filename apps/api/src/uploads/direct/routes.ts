import { findUpload } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import type { Request } from 'express';
import { mayRead, senderOf } from '../../access/caller.ts';
import { type Route, serve } from '../../contract/serve.ts';
import { Idempotency } from '../../idempotency/idempotency.ts';
import { ApiProblem } from '../../problems/api-problem.ts';
import { requireUpload } from '../require-upload.ts';
import { accepted, toUploadResource, withoutDetails } from '../resource.ts';
import { abandonUpload } from './abandon-upload.ts';
import type { BucketOriginFor } from './bucket-origin.ts';
import { completeUpload } from './complete-upload.ts';
import * as contract from './contract.ts';
import { fingerprintOf, planAgain, planUpload, type Store, type UploadPlan } from './plan-upload.ts';

export type DirectUploadSettings = Store & {
  maxUploadBytes: number;
  /** From which size on clients are told to send a file straight to S3. */
  directUploadBytes: number;
};

/** Uploads whose bytes do not pass through this server: it signs the URLs, and the client reports when all parts are in S3. */
export function directUploadRoutes(
  { maxUploadBytes, directUploadBytes, ...store }: DirectUploadSettings,
  bucketOriginFor: BucketOriginFor,
): Route[] {
  const { database } = store;
  const idempotency = new Idempotency(database);

  const planResource = async ({ id, parts, expiresAt }: UploadPlan, request: Request, isOwn: boolean) => {
    const upload = await requireUpload(id, findUpload(database, id));
    return {
      upload: toUploadResource(isOwn || mayRead(request) ? upload : withoutDetails(upload)),
      parts,
      expiresAt: expiresAt.toISOString(),
      completeUrl: `${request.publicPrefix}${locationOf(id)}/complete`,
    };
  };

  return [
    serve(contract.showLimits, async (_input, request) => {
      const isReachable = (await bucketOriginFor(request)) !== undefined;
      const partsFromBytes = isReachable ? directUploadBytes : null;
      return { status: 200, body: { maxFileBytes: maxUploadBytes, partsFromBytes } };
    }),

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
          const plan = await planUpload(store, { id, requestId: request.id, sender: senderOf(request) }, file);
          const { sizeBytes } = body;
          request.log.info({ uploadId: id, sizeBytes, parts: plan.parts.length }, 'direct upload planned');
          return { status: 201, headers: { Location: locationOf(id) }, body: await planResource(plan, request, true) };
        },
      });
    }),

    serve(contract.showParts, async ({ path: { id } }, request) => {
      return { status: 200, body: await planResource(await planAgain(store, id), request, false) };
    }),

    serve(contract.abandonUpload, async ({ path: { id } }, request) => {
      await abandonUpload(store, id);
      request.log.info({ uploadId: id }, 'direct upload abandoned');
      return { status: 204 };
    }),

    serve(contract.completeUpload, async ({ path: { id }, body }, request) => {
      await completeUpload(store, id, body.parts);
      request.log.info({ uploadId: id }, 'upload received');
      const upload = await requireUpload(id, findUpload(database, id));
      return accepted(mayRead(request) ? upload : withoutDetails(upload));
    }),
  ];
}

function locationOf(id: string): string {
  return `/v1/uploads/${id}`;
}
