import { hash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  decodeSettings,
  encodeSettings,
  keyOfSettings,
  keyOfSettingsNote,
  profileNamedBy,
  type ReadSettings,
  type SourceObject,
  settingsOfProfile,
  UnreadableSettingsError,
} from '@rowferry/messages';
import { findProfile } from './import-profiles.ts';
import { putNewText, putText, readText } from './stored-text.ts';

/**
 * Stores what a file is to be read by, before the file itself. It never changes: other settings have another id.
 *
 * @returns the id by which the file names it.
 */
export async function storeSettings(s3: S3Client, bucket: string, settings: ReadSettings): Promise<string> {
  const { id, body } = encodeSettings(settings);
  await putText(s3, { bucket, key: keyOfSettings(id) }, body);
  return id;
}

/** An upload, and the id of the settings that its object names. */
export type UploadWithSettings = Pick<SourceObject, 'id' | 'bucket' | 'key'> & { settingsId: string | undefined };

/**
 * What an upload is read by, the same in every attempt. An object that names no settings is read by the profile that its
 * folder names, if there is one; what that says is noted in the first attempt, before anything is sent: profiles come, change
 * and go (docs/decisions/0015-import-settings.md).
 *
 * @throws UnreadableSettingsError when they are gone, or not of this version.
 */
export async function settleSettings(s3: S3Client, upload: UploadWithSettings): Promise<ReadSettings> {
  const settled = await findSettings(s3, upload);
  if (settled !== undefined) return settled;
  const { bucket, key, id } = upload;
  const name = profileNamedBy(key);
  const profile = name === undefined ? undefined : await findProfile(s3, bucket, name);
  const settings = name === undefined || profile === undefined ? {} : settingsOfProfile(name, profile);
  const isFirst = await putNewText(s3, { bucket, key: keyOfSettingsNote(id) }, encodeSettings(settings).body);
  // Another attempt was quicker: what it noted counts.
  return isFirst ? settings : settleSettings(s3, upload);
}

/**
 * What an upload is read by, as far as it is settled: undefined before the first attempt to read an object in a folder.
 *
 * @throws UnreadableSettingsError as `settleSettings`.
 */
export async function findSettings(s3: S3Client, upload: UploadWithSettings): Promise<ReadSettings | undefined> {
  const { id, bucket, key, settingsId } = upload;
  if (settingsId !== undefined) return readSettings(s3, bucket, settingsId);
  if (profileNamedBy(key) === undefined) return {};
  const body = await readText(s3, { bucket, key: keyOfSettingsNote(id) });
  return body === undefined ? undefined : decodeSettings(body);
}

async function readSettings(s3: S3Client, bucket: string, id: string): Promise<ReadSettings> {
  const key = keyOfSettings(id);
  const body = await readText(s3, { bucket, key });
  if (body === undefined) throw new UnreadableSettingsError(`there is no ${key}`);
  if (hash('sha256', body) !== id) throw new UnreadableSettingsError(`${key} was changed`);
  return decodeSettings(body);
}
