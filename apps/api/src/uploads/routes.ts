import { INCOMING_FILE_MEMORY_BYTES } from '@rowferry/aws';
import { findUpload, listUploads as listUploadRecords } from '@rowferry/database';
import type { Request } from 'express';
import { type Route, serve } from '../contract/serve.ts';
import { dryRunAnswerer } from '../dry-run/answer-dry-run.ts';
import { Budget } from '../http/budget.ts';
import { offsetOf, pageLinks, paginationOf } from '../http/pagination.ts';
import { HashEngine } from '../idempotency/hash-engine.ts';
import { Idempotency } from '../idempotency/idempotency.ts';
import { ApiProblem } from '../problems/catalogue.ts';
import { FILE_FIELD, listUploads, sendFile, showUpload } from './contract.ts';
import { receiveFile } from './receive-file.ts';
import { toUploadResource } from './resource.ts';
import { S3StorageEngine, type UploadStore } from './storage-engine.ts';
import { storeFile } from './store-file.ts';

export type UploadRouteSettings = UploadStore & {
  maxUploadBytes: number;
  /** What the files that are being received hold in memory at most, all together. */
  uploadMemoryBytes: number;
};

export function uploadRoutes({ maxUploadBytes, uploadMemoryBytes, ...store }: UploadRouteSettings): Route[] {
  const { database } = store;
  const receive = receiveFile(new S3StorageEngine(store), maxUploadBytes);
  const hash = receiveFile(new HashEngine(), maxUploadBytes);
  const memory = new Budget(uploadMemoryBytes, 'The files that are on their way fill the memory that they may.');
  const idempotency = new Idempotency(database);
  const answerDryRun = dryRunAnswerer(database, maxUploadBytes);

  return [
    serve(sendFile, async ({ query: { dryRun }, header }, request, response) => {
      if (dryRun) return { status: 200, body: await answerDryRun(request, response) };
      return idempotency.run(request, sendFile.operationId, header['idempotency-key'], {
        fingerprint: async () => (await hash(request, response))?.sha256 ?? missingFile(),
        perform: (attempt) =>
          memory.run(memoryFor(request), async () => {
            const pending = (await receive(request, response))?.pending ?? missingFile();
            return storeFile(database, pending, attempt, request);
          }),
      });
    }),

    serve(listUploads, async ({ query: { status, ...page } }, request) => {
      const offset = offsetOf(page);
      const { uploads, ...total } = await listUploadRecords(database, { limit: page.limit, offset, status });
      const pagination = paginationOf(page, total);
      const isLast = total.totalRelation === 'eq' && offset + uploads.length >= total.total;
      return {
        status: 200,
        headers: { Link: pageLinks(request, pagination, uploads.length > 0 && !isLast) },
        body: { data: uploads.map(toUploadResource), pagination },
      };
    }),

    serve(showUpload, async ({ path: { id } }) => {
      const upload = await findUpload(database, id);
      if (upload === undefined) throw new ApiProblem('upload_not_found', `There is no upload ${id}.`);
      return { status: 200, body: toUploadResource(upload) };
    }),
  ];
}

/** A file holds no more than it has, which is no more than the body. Of a body without a length nothing is known. */
function memoryFor(request: Request): number {
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  return Math.min(length, INCOMING_FILE_MEMORY_BYTES);
}

function missingFile(): never {
  throw new ApiProblem('no_file', `Send the file in the multipart field "${FILE_FIELD}".`);
}
