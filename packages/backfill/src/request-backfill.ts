import type { S3Client } from '@aws-sdk/client-s3';
import { findProfile, listObjectPage, storeSettings } from '@rowferry/aws';
import { type Database, openBackfill, type StoredBackfill } from '@rowferry/database';
import {
  isProfileName,
  newUploadId,
  reachesOwnObjects,
  settingsOfProfile,
  UnreadableSettingsError,
} from '@rowferry/messages';

/** Bytes of a key in S3 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html). */
export const PREFIX_MAX = 1024;
/** What an inline Map of Step Functions runs at the same time (https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html). */
export const CONCURRENCY_MAX = 40;
/** Files that are under way at the same time. Few: what limits a backfill is the database, and others use it too. */
export const CONCURRENCY_DEFAULT = 4;

export type BackfillStore = {
  database: Database;
  s3: S3Client;
  bucket: string;
  /** Backfills are allowed below it only; undefined: of the whole bucket but for what Rowferry keeps there. */
  allowedPrefix: string | undefined;
};

export type BackfillRequest = {
  prefix: string;
  profile?: string | undefined;
  concurrency?: number | undefined;
};

export type BackfillRefusal = 'prefix_not_allowed' | 'empty_prefix' | 'unknown_profile' | 'backfill_running';

/** A backfill that cannot begin as it was asked for. The message is for the one who asked. */
export class BackfillRefusedError extends Error {
  override readonly name = 'BackfillRefusedError';
  readonly code: BackfillRefusal;

  constructor(code: BackfillRefusal, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Enters a backfill: all objects below a prefix, read by what the profile says now. While one of the prefix is running, asking
 * again returns that one.
 *
 * @throws BackfillRefusedError
 */
export async function requestBackfill(
  store: BackfillStore,
  { prefix, profile, concurrency = CONCURRENCY_DEFAULT }: BackfillRequest,
): Promise<{ backfill: StoredBackfill; isNew: boolean }> {
  const { database, s3, bucket } = store;
  refuseForbidden(store, prefix);
  const settingsId = profile === undefined ? null : await settingsOf(store, profile);
  if (!(await hasObjects(s3, bucket, prefix)))
    throw new BackfillRefusedError('empty_prefix', `The bucket has no object below ${shown(prefix)}.`);
  const { backfill, isNew } = await openBackfill(database, {
    id: newUploadId(),
    bucket,
    prefix,
    profile: profile ?? null,
    settings_id: settingsId,
    concurrency,
  });
  if (backfill.profile !== (profile ?? null)) {
    const by = backfill.profile === null ? 'without a profile' : `with the profile ${backfill.profile}`;
    throw new BackfillRefusedError(
      'backfill_running',
      `The backfill ${backfill.id} of this prefix is running ${by}. Wait until it has ended.`,
    );
  }
  return { backfill, isNew };
}

function refuseForbidden({ allowedPrefix }: BackfillStore, prefix: string): void {
  if (reachesOwnObjects(prefix))
    throw new BackfillRefusedError(
      'prefix_not_allowed',
      `Below ${shown(prefix)} is what Rowferry itself keeps in the bucket (uploads/, import-settings/, import-profiles/). Name the folder of your files, such as "incoming/".`,
    );
  if (allowedPrefix !== undefined && !prefix.startsWith(allowedPrefix))
    throw new BackfillRefusedError('prefix_not_allowed', `The prefix must begin with ${shown(allowedPrefix)}.`);
}

/** @returns the id of what the profile says. */
async function settingsOf({ s3, bucket }: BackfillStore, name: string): Promise<string> {
  const profile = isProfileName(name)
    ? await findProfile(s3, bucket, name).catch((error: unknown) => {
        if (error instanceof UnreadableSettingsError) return undefined;
        throw error;
      })
    : undefined;
  if (profile === undefined)
    throw new BackfillRefusedError('unknown_profile', `There is no profile ${shown(name.slice(0, 64))}.`);
  return storeSettings(s3, bucket, settingsOfProfile(name, profile));
}

/** Consoles make an empty object for a folder. */
async function hasObjects(s3: S3Client, bucket: string, prefix: string): Promise<boolean> {
  const { objects, nextToken } = await listObjectPage(s3, { bucket, prefix });
  return nextToken !== undefined || objects.some(({ key }) => !key.endsWith('/'));
}

function shown(text: string): string {
  return JSON.stringify(text);
}
