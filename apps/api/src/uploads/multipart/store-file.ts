import { type Database, findUpload, receiveUpload, type UploadRecord } from '@rowferry/database';
import type { Request } from 'express';
import { mayRead, senderOf } from '../../access/caller.ts';
import type { WorkAttempt } from '../../idempotency/idempotency.ts';
import { type Accepted, accepted, receivedUpload, withoutDetails } from '../resource.ts';
import type { PendingUpload } from './pending-upload.ts';

/**
 * Makes a file that has come as a whole an upload, or finds the upload that an earlier attempt of the same request made of
 * it before it died.
 */
export async function storeFile(
  database: Database,
  pending: PendingUpload,
  attempt: WorkAttempt,
  request: Request,
): Promise<Accepted> {
  const { log } = request;
  const { id, fileName, sha256, fingerprint } = pending;
  try {
    const made = await uploadOfEarlierAttempt(database, fingerprint, attempt);
    if (made !== undefined) {
      await pending.abort();
      return accepted(mayRead(request) ? made : withoutDetails(made));
    }
    await attempt.note({ fingerprint, uploadId: id });
  } catch (error) {
    await pending.abort();
    throw error;
  }
  const { sizeBytes, etag } = await pending.complete();
  // From here on the file is in S3 and will be read, whatever happens to this process.
  const noted = await receiveUpload(database, id, { sizeBytes, sha256, etag }).catch((error: unknown) => {
    log.warn({ uploadId: id, err: error }, 'upload stored, but not marked as received');
    return undefined;
  });
  log.info({ uploadId: id, sizeBytes }, 'upload received');
  const receivedAt = noted?.received_at ?? new Date();
  // The id of another upload is for those who may read it.
  const readable = mayRead(request) ? { duplicateOf: noted?.duplicate_of ?? null, sender: senderOf(request) } : {};
  return accepted(receivedUpload({ id, fileName, sizeBytes, receivedAt, ...readable }));
}

async function uploadOfEarlierAttempt(
  database: Database,
  fingerprint: string,
  { interrupted }: WorkAttempt,
): Promise<UploadRecord | undefined> {
  if (interrupted.uploadId === null || interrupted.fingerprint !== fingerprint) return undefined;
  const upload = await findUpload(database, interrupted.uploadId);
  return upload?.received_at === null ? undefined : upload;
}
