import { INCOMING_FILE_MEMORY_BYTES } from '@rowferry/aws';
import type { Request } from 'express';
import { type Route, serve } from '../../contract/serve.ts';
import { Budget } from '../../http/budget.ts';
import { HashEngine } from '../../idempotency/hash-engine.ts';
import { Idempotency } from '../../idempotency/idempotency.ts';
import { ApiProblem } from '../../problems/catalogue.ts';
import { FILE_FIELD } from '../contract.ts';
import { dryRunAnswerer } from '../dry-run/answer-dry-run.ts';
import * as contract from './contract.ts';
import { receiveFile } from './receive-file.ts';
import { S3StorageEngine, type UploadStore } from './storage-engine.ts';
import { storeFile } from './store-file.ts';

export type MultipartSettings = UploadStore & {
  maxUploadBytes: number;
  /** What the files that are being received hold in memory at most, all together. */
  uploadMemoryBytes: number;
};

export function multipartRoutes({ maxUploadBytes, uploadMemoryBytes, ...store }: MultipartSettings): Route[] {
  const { database } = store;
  const receive = receiveFile(new S3StorageEngine(store), maxUploadBytes);
  const hash = receiveFile(new HashEngine(), maxUploadBytes);
  const memory = new Budget(uploadMemoryBytes, 'The files that are on their way fill the memory that they may.');
  const idempotency = new Idempotency(database);
  const answerDryRun = dryRunAnswerer(database, maxUploadBytes);

  return [
    serve(contract.sendFile, async ({ query: { dryRun }, header }, request, response) => {
      if (dryRun) return { status: 200, body: await answerDryRun(request, response) };
      return idempotency.run(request, contract.sendFile.operationId, header['idempotency-key'], {
        fingerprint: async () => (await hash(request, response))?.sha256 ?? missingFile(),
        perform: (attempt) =>
          memory.run(memoryFor(request), async () => {
            const pending = (await receive(request, response))?.pending ?? missingFile();
            return storeFile(database, pending, attempt, request);
          }),
      });
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
