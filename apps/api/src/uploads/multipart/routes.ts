import { createHash } from 'node:crypto';
import { INCOMING_FILE_MEMORY_BYTES } from '@rowferry/aws';
import type { Request } from 'express';
import { type Route, serve } from '../../contract/serve.ts';
import { type FormFileReceiver, receiveForm } from '../../http/receive-form.ts';
import { Semaphore } from '../../http/semaphore.ts';
import { Idempotency } from '../../idempotency/idempotency.ts';
import { csvForm } from '../csv-form.ts';
import { dryRunAnswerer } from '../dry-run/answer-dry-run.ts';
import * as contract from './contract.ts';
import { PendingUpload, type UploadStore } from './pending-upload.ts';
import { storeFile } from './store-file.ts';

export type MultipartSettings = UploadStore & {
  maxUploadBytes: number;
  /** What the files that are being received hold in memory at most, all together. */
  uploadMemoryBytes: number;
};

/** Reads a file that was stored before, only to know that it is the same: nothing of it is kept. */
const hashing: FormFileReceiver<string> = {
  async receive({ content }) {
    const hash = createHash('sha256');
    for await (const chunk of content) hash.update(chunk);
    return hash.digest('hex');
  },
  async discard() {},
};

export function multipartRoutes({ maxUploadBytes, uploadMemoryBytes, ...store }: MultipartSettings): Route[] {
  const { database } = store;
  const form = csvForm(maxUploadBytes);
  const memory = new Semaphore(uploadMemoryBytes, 'The files that are being received take all the memory for uploads.');
  const idempotency = new Idempotency(database);
  const answerDryRun = dryRunAnswerer(database, form);

  return [
    serve(contract.sendFile, async ({ query: { dryRun }, header }, request, response) => {
      if (dryRun) return { status: 200, body: await answerDryRun(request, response) };
      return idempotency.run(request, contract.sendFile.operationId, header['idempotency-key'], {
        fingerprint: () => receiveForm(request, response, form, hashing),
        perform: (attempt) =>
          memory.run(memoryFor(request), async () => {
            const pending = await receiveForm(request, response, form, {
              receive: (file) => PendingUpload.receive(store, file, request.id),
              discard: (received) => received.abort(),
            });
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
