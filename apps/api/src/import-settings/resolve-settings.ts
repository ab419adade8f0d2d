import { hash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { findProfile, storeSettings } from '@rowferry/aws';
import { isProfileName, type ReadSettings, settingsOfProfile, UnreadableSettingsError } from '@rowferry/messages';
import { ApiProblem } from '../problems/api-problem.ts';
import type { RequestedSettings } from './requested-settings.ts';

/**
 * What a file is to be read by, with what its profile says now.
 *
 * @throws ApiProblem `unknown_profile`
 */
export async function resolveSettings(
  { s3, bucket }: { s3: S3Client; bucket: string },
  requested: RequestedSettings,
): Promise<ReadSettings> {
  if (!('profile' in requested)) return requested;
  const { profile: name } = requested;
  const profile = isProfileName(name) ? await findProfile(s3, bucket, name).catch(asUnknown) : undefined;
  if (profile === undefined) throw unknownProfile(`There is no profile ${JSON.stringify(name.slice(0, 64))}.`);
  return settingsOfProfile(name, profile);
}

/** Stores what a file is to be read by. @returns the id by which its object names it; undefined where nothing is stated. */
export async function settingsIdOf(
  { s3, bucket }: { s3: S3Client; bucket: string },
  settings: ReadSettings,
): Promise<string | undefined> {
  return isStated(settings) ? storeSettings(s3, bucket, settings) : undefined;
}

function isStated(settings: object): boolean {
  return Object.values(settings).some((value) => value !== undefined);
}

function asUnknown(error: unknown): never {
  if (!(error instanceof UnreadableSettingsError)) throw error;
  throw unknownProfile(`What the bucket has under this name is no profile: ${error.message}.`);
}

function unknownProfile(detail: string): ApiProblem {
  return new ApiProblem('unknown_profile', detail, { errors: [{ parameter: 'profile', message: 'is not known' }] });
}

/** Names a file together with what it is to be read by: another request if either is another. */
export function fingerprintWith(fingerprint: string, requested: RequestedSettings): string {
  if (!isStated(requested)) return fingerprint;
  return hash('sha256', JSON.stringify([fingerprint, requested]));
}
