import { client, dataOf } from './client.ts';
import { ProblemError } from './problem.ts';
import { putPart } from './put-part.ts';
import type { Sending, SendingOptions } from './send-file.ts';
import { type SentPart, StalePlanError, sendParts } from './send-parts.ts';
import type { Upload, UploadPlan } from './types.ts';
import { forgetUnfinished, rememberUnfinished } from './unfinished-files.ts';
import { untilAnswered } from './until-answered.ts';

/** Plans that S3 refuses, one after the other, before that is taken for lasting. */
const STALE_PLANS_MAX = 5;

/**
 * Sends a file straight to S3 in parts. What breaks off is remembered, and can be gone on with when the file is chosen again.
 *
 * @param start the key under which it begins, so that a lost answer plans it once; or the upload to go on with.
 * @throws ProblemError, FileUnreadableError
 */
export async function sendDirect(
  sending: Sending,
  start: { idempotencyKey: string } | { uploadId: string },
  options: SendingOptions,
): Promise<Upload> {
  const { file } = sending;
  let plan = await untilAnswered(
    () => ('uploadId' in start ? planAgain(start.uploadId) : planNew(sending, start.idempotencyKey)),
    options,
  );
  const { id } = plan.upload;
  rememberUnfinished(file, id);
  for (let stale = 0; ; stale++) {
    try {
      const parts = await sendParts(file, plan.parts, { ...options, putPart });
      const upload = await untilAnswered(() => complete(id, parts), options);
      forgetUnfinished(id);
      return upload;
    } catch (error) {
      if (!isStale(error) || stale === STALE_PLANS_MAX) throw error;
      plan = await untilAnswered(() => planAgain(id), options);
    }
  }
}

/** Removes the parts that were sent. One that has its file meanwhile stays. */
export async function abandonUpload(id: string): Promise<void> {
  forgetUnfinished(id);
  await client.DELETE('/v1/uploads/{id}/parts', { params: { path: { id } } });
}

/** Which parts of an upload S3 has, with URLs for the others. */
export function planAgain(id: string): Promise<UploadPlan> {
  return dataOf(client.GET('/v1/uploads/{id}/parts', { params: { path: { id } } }));
}

function planNew({ file, reading }: Sending, idempotencyKey: string): Promise<UploadPlan> {
  const body = { fileName: file.name, sizeBytes: file.size, ...reading };
  const params = { header: { 'Idempotency-Key': idempotencyKey } };
  return dataOf(client.POST('/v1/uploads', { params, body }));
}

function complete(id: string, parts: SentPart[]): Promise<Upload> {
  return dataOf(client.POST('/v1/uploads/{id}/complete', { params: { path: { id } }, body: { parts } }));
}

/** Whether asking which parts S3 has may help. */
function isStale(error: unknown): boolean {
  if (error instanceof StalePlanError) return true;
  return error instanceof ProblemError && (error.code === 'parts_missing' || error.code === 'size_mismatch');
}
