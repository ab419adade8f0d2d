import type { Database } from '@rowferry/database';
import type { Fixtures } from '@rowferry/testing';
import type { AccessSettings } from '../src/access/access.ts';
import { KeyRing } from '../src/access/key-ring.ts';
import type { ApiSettings } from '../src/app.ts';

const MIB = 1024 * 1024;

/** What an API on these fixtures is started with: as `npm start` does, open on loopback. `changes` are what matters to a test. */
export function apiSettings(fixtures: Fixtures, changes: Partial<ApiSettings> = {}): ApiSettings {
  const { database, s3, sqs, bucket, rowQueueUrl, segmentQueueUrl, log } = fixtures;
  return {
    database,
    s3,
    sqs,
    bucket,
    rowQueueUrl,
    segmentQueueUrl,
    maxUploadBytes: 64 * MIB,
    directUploadBytes: 100 * MIB,
    uploadMemoryBytes: 512 * MIB,
    access: openAccess({ database: changes.database ?? database }),
    rateLimitPerMinute: 1_000_000,
    trustedProxies: 0,
    publicUrl: undefined,
    backfillPrefix: undefined,
    startExecution: undefined,
    allowPrivateWebhooks: false,
    stopping: new AbortController().signal,
    logger: log.logger,
    ...changes,
  };
}

/** As on loopback without any key. */
export function openAccess({ database }: { database: Database }): AccessSettings {
  return { keys: new KeyRing(database), tokens: undefined, openWithoutKeys: true, corsOrigins: [] };
}
