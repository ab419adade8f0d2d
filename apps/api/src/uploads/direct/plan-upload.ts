import { hash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { abortDirectUpload, type DirectUpload, listStoredParts, openDirectUpload, signPart } from '@rowferry/aws';
import {
  type Database,
  discardUpload,
  expectParts,
  findUnfinishedUpload,
  openUpload,
  type Sender,
} from '@rowferry/database';
import { keyOfUpload } from '@rowferry/messages';
import type { RequestedSettings } from '../../import-settings/requested-settings.ts';
import { fingerprintWith, resolveSettings, settingsIdOf } from '../../import-settings/resolve-settings.ts';
import { requireUpload } from '../require-upload.ts';
import { openUploadOf } from './open-upload.ts';
import { planParts } from './plan.ts';

const HOUR_SECONDS = 60 * 60;
/**
 * For how long parts are taken. URLs signed with the short-lived credentials of a role end with those, which can be
 * sooner (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
 */
const EXPIRES_IN_SECONDS = 24 * HOUR_SECONDS;

export type NewFile = { fileName: string; sizeBytes: number; requested: RequestedSettings };
export type Store = { database: Database; s3: S3Client; bucket: string };

export type UploadPlan = {
  id: string;
  /** The ETag of a part that S3 has. */
  parts: { partNumber: number; sizeBytes: number; url: string; etag: string | null }[];
  expiresAt: Date;
};

/** Enters an upload of which a client will send the parts to S3 itself. When that breaks, nothing is left. */
export async function planUpload(
  { database, s3, bucket }: Store,
  { id, requestId, sender }: { id: string; requestId: string; sender: Sender | null },
  { fileName, sizeBytes, requested }: NewFile,
): Promise<UploadPlan> {
  const store = { s3, bucket };
  const settingsId = await settingsIdOf(store, await resolveSettings(store, requested));
  const key = keyOfUpload(id, fileName);
  // First, so that what is opened in S3 is known here whatever happens: it expires when its time is over.
  await openUpload(database, { id, bucket, key, fileName, sender });
  let multipartId: string | undefined;
  try {
    multipartId = await openDirectUpload(s3, { bucket, key, metadata: { requestId, uploadId: id, settingsId } });
    const upload = { bucket, key, multipartId };
    const expiresAt = new Date(Date.now() + EXPIRES_IN_SECONDS * 1000);
    await expectParts(database, id, { multipartId, sizeBytes, expiresAt });
    const parts = await signParts(s3, upload, sizeBytes, EXPIRES_IN_SECONDS);
    return { id, parts: parts.map((part) => ({ ...part, etag: null })), expiresAt };
  } catch (error) {
    // What is left, maintenance removes when the upload expires.
    await Promise.allSettled([
      discardUpload(database, id),
      multipartId === undefined ? undefined : abortDirectUpload(s3, { bucket, key, multipartId }),
    ]);
    throw error;
  }
}

function signParts(s3: S3Client, upload: DirectUpload, sizeBytes: number, expiresInSeconds: number) {
  return Promise.all(
    planParts(sizeBytes).map(async (part) => ({
      ...part,
      url: await signPart(s3, upload, { ...part, expiresInSeconds }),
    })),
  );
}

/**
 * The plan of an upload with new URLs, and which of its parts S3 has: for a client that broke off, or whose URLs have expired.
 * An S3 that cannot list parts is sent all of them again.
 *
 * @throws ApiProblem `upload_not_found`, `upload_closed`
 */
export async function planAgain({ database, s3 }: Omit<Store, 'bucket'>, id: string): Promise<UploadPlan> {
  const upload = openUploadOf(await requireUpload(id, findUnfinishedUpload(database, id)));
  const { address, sizeBytes, expiresAt } = upload;
  const stored = await listStoredParts(s3, address);
  const secondsLeft = Math.max(1, Math.floor((expiresAt.getTime() - Date.now()) / 1000));
  const parts = await signParts(s3, address, sizeBytes, secondsLeft);
  const etagOf = (part: { partNumber: number; sizeBytes: number }) => {
    const inS3 = stored?.get(part.partNumber);
    // A part of another size is to be sent again.
    return inS3?.sizeBytes === part.sizeBytes ? inS3.etag : null;
  };
  return { id, parts: parts.map((part) => ({ ...part, etag: etagOf(part) })), expiresAt };
}

/** Names what a client wants to send, as it says. */
export function fingerprintOf({ fileName, sizeBytes, requested }: NewFile): string {
  return fingerprintWith(hash('sha256', JSON.stringify([fileName, sizeBytes])), requested);
}
