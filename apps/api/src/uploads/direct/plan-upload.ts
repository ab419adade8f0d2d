import { hash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { abortDirectUpload, openDirectUpload, signPart } from '@rowferry/aws';
import { type Database, discardUpload, expectParts, openUpload, type Sender } from '@rowferry/database';
import { keyOfUpload } from '@rowferry/messages';
import type { RequestedSettings } from '../../import-settings/requested-settings.ts';
import { fingerprintWith, resolveSettings, settingsIdOf } from '../../import-settings/resolve-settings.ts';
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
  parts: { partNumber: number; sizeBytes: number; url: string }[];
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
    const parts = await Promise.all(
      planParts(sizeBytes).map(async (part) => ({
        ...part,
        url: await signPart(s3, upload, { ...part, expiresInSeconds: EXPIRES_IN_SECONDS }),
      })),
    );
    return { id, parts, expiresAt };
  } catch (error) {
    // What is left, maintenance removes when the upload expires.
    await Promise.allSettled([
      discardUpload(database, id),
      multipartId === undefined ? undefined : abortDirectUpload(s3, { bucket, key, multipartId }),
    ]);
    throw error;
  }
}

/** Names what a client wants to send, as it says. */
export function fingerprintOf({ fileName, sizeBytes, requested }: NewFile): string {
  return fingerprintWith(hash('sha256', JSON.stringify([fileName, sizeBytes])), requested);
}
