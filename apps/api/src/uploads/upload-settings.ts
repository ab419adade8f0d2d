import type { S3Client } from '@aws-sdk/client-s3';
import { findSettings, ObjectGoneError, objectAddressOf, readMetadata } from '@rowferry/aws';
import type { UploadFile } from '@rowferry/database';
import { type ReadSettings, UnreadableSettingsError } from '@rowferry/messages';

/** What an upload is read by; undefined where that is not decided yet, or its file is gone. */
export async function settingsOfUpload(s3: S3Client, file: UploadFile): Promise<ReadSettings | undefined> {
  const { etag, versionId } = file;
  if (etag === null && versionId === null) return undefined;
  try {
    const { settingsId } = await readMetadata(s3, objectAddressOf({ ...file, etag: etag ?? '' }));
    return await findSettings(s3, { ...file, settingsId });
  } catch (error) {
    if (error instanceof ObjectGoneError || error instanceof UnreadableSettingsError) return undefined;
    throw error;
  }
}
