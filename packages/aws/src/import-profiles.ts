import { DeleteObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import {
  decodeProfile,
  encodeProfile,
  keyOfProfile,
  PROFILE_PREFIX,
  type Profile,
  profileNameOfKey,
} from '@rowferry/messages';
import { putText, readText } from './stored-text.ts';

/** The profile of this name. @throws UnreadableSettingsError when it is not of this version. */
export async function findProfile(s3: S3Client, bucket: string, name: string): Promise<Profile | undefined> {
  const body = await readText(s3, { bucket, key: keyOfProfile(name) });
  return body === undefined ? undefined : decodeProfile(body);
}

/** Stores a profile in place of the one that had its name. */
export async function putProfile(s3: S3Client, bucket: string, name: string, profile: Profile): Promise<void> {
  await putText(s3, { bucket, key: keyOfProfile(name) }, encodeProfile(profile));
}

/** Removes a profile. One that is gone stays so. */
export async function deleteProfile(s3: S3Client, bucket: string, name: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOfProfile(name) }));
}

/** The names of all profiles, in the order of their bytes, with the moment at which each was stored. */
export async function listProfiles(s3: S3Client, bucket: string): Promise<{ name: string; updatedAt: Date }[]> {
  const profiles: { name: string; updatedAt: Date }[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: PROFILE_PREFIX },
  )) {
    for (const { Key = '', LastModified = new Date(0) } of Contents) {
      const name = profileNameOfKey(Key);
      if (name !== undefined) profiles.push({ name, updatedAt: LastModified });
    }
  }
  return profiles;
}
