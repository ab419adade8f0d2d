import { createHash } from 'node:crypto';
import { INCOMING_FILE_MEMORY_BYTES } from '@rowferry/aws';
import { detachBuffer } from '@rowferry/runtime';
import { senderOf } from '../../access/caller.ts';
import { type Route, serve } from '../../contract/serve.ts';
import { callerKey } from '../../http/caller-key.ts';
import { type FormFile, type FormFileReceiver, receiveForm } from '../../http/receive-form.ts';
import { announcedBytes } from '../../http/request-body.ts';
import { Idempotency } from '../../idempotency/idempotency.ts';
import { type RequestedSettings, requestedSettings } from '../../import-settings/requested-settings.ts';
import { fingerprintWith } from '../../import-settings/resolve-settings.ts';
import { csvForm } from '../csv-form.ts';
import { dryRunAnswerer } from '../dry-run/answer-dry-run.ts';
import * as contract from './contract.ts';
import { MemoryBudget } from './memory-budget.ts';
import { PendingUpload, type UploadStore } from './pending-upload.ts';
import { storeFile } from './store-file.ts';

export type MultipartSettings = UploadStore & {
  maxUploadBytes: number;
  /** What the files that are being received hold in memory at most, all together. */
  uploadMemoryBytes: number;
};

/** Reads a file that was stored before, only to know that it is the same request: nothing of it is kept. */
function hashing(requestedFor: (file: FormFile) => RequestedSettings): FormFileReceiver<string> {
  return {
    async receive(file) {
      const requested = requestedFor(file);
      const hash = createHash('sha256');
      for await (const chunk of file.content) {
        hash.update(chunk);
        detachBuffer(chunk);
      }
      return fingerprintWith(hash.digest('hex'), requested);
    },
    async discard() {},
  };
}

export function multipartRoutes({ maxUploadBytes, uploadMemoryBytes, ...store }: MultipartSettings): Route[] {
  const { database } = store;
  const form = csvForm(maxUploadBytes);
  const memory = new MemoryBudget(uploadMemoryBytes, INCOMING_FILE_MEMORY_BYTES);
  const idempotency = new Idempotency(database);
  const answerDryRun = dryRunAnswerer(store, form);

  return [
    serve(contract.sendFile, async ({ query: { dryRun, ...query }, header }, request, response) => {
      const requestedFor = ({ fields }: FormFile) => requestedSettings(query, fields);
      if (dryRun) return { status: 200, body: await answerDryRun(request, response, requestedFor) };
      // A file has no more than the body. Of a body without a length nothing is known.
      const announced = announcedBytes(request) ?? Number.POSITIVE_INFINITY;
      return idempotency.run(request, contract.sendFile.operationId, header['idempotency-key'], {
        fingerprint: () => receiveForm(request, response, form, hashing(requestedFor)),
        perform: (attempt) =>
          memory.run(callerKey(request), announced, async (charge) => {
            const pending = await receiveForm(request, response, form, {
              receive: async (file) =>
                PendingUpload.receive(store, charging(file, charge), {
                  requestId: request.id,
                  requested: requestedFor(file),
                  sender: senderOf(request),
                }),
              discard: (received) => received.abort(),
            });
            return storeFile(database, pending, attempt, request);
          }),
      });
    }),
  ];
}

/** The file, each piece of which is paid for before it is taken. */
function charging(file: FormFile, charge: (received: number) => void): FormFile {
  async function* content() {
    let received = 0;
    for await (const chunk of file.content) {
      received += chunk.byteLength;
      charge(received);
      yield chunk;
    }
  }
  return { ...file, content: content() };
}
