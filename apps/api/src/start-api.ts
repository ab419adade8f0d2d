import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { AWS_VARIABLES, assertServicesExist, createS3Client, createSqsClient, databasePassword } from '@rowferry/aws';
import { connect, type Database, findRefusal, isDatabaseUnavailable, type MakePassword } from '@rowferry/database';
import { type Environment, EnvironmentError, type Logger, objectQueueOf } from '@rowferry/runtime';
import type { AccessSettings } from './access/access.ts';
import { KeyRing } from './access/key-ring.ts';
import { isLoopback } from './access/local-request.ts';
import { TokenVerifier } from './access/token-verifier.ts';
import { createApp } from './app.ts';
import { executionStarter } from './backfills/start-execution.ts';
import { listen, type RunningApi } from './http/listen.ts';
import { startCompletionLog } from './operations/completed-uploads.ts';
import { startMaintenance } from './operations/maintenance.ts';
import { SIGN_IN_VARIABLES, signInOf } from './sign-in/sign-in.ts';

/** Longest that one statement may take, in milliseconds: somebody waits, and others wait for the connection. */
const STATEMENT_TIMEOUT_MS = 10_000;

/** Of a busy server's connections each answers far more often, so that they need not be asked whether they live. */
const TRUST_CONNECTION_FOR = 100;

/** What the API reads from the environment. */
export const API_VARIABLES = [
  ...AWS_VARIABLES,
  'HOST',
  'PORT',
  'DATABASE_URL',
  'DATABASE_POOL_MAX',
  'UPLOAD_BUCKET',
  'ROW_QUEUE_URL',
  'SEGMENT_QUEUE_URL',
  'MAX_UPLOAD_BYTES',
  'DIRECT_UPLOAD_BYTES',
  'UPLOAD_MEMORY_BYTES',
  'CORS_ORIGINS',
  'RATE_LIMIT_PER_MINUTE',
  'TRUSTED_PROXIES',
  'PUBLIC_URL',
  'BACKFILL_PREFIX',
  'BACKFILL_STATE_MACHINE_ARN',
  'OIDC_AUDIENCE',
  'WEBHOOK_ALLOW_PRIVATE',
  ...SIGN_IN_VARIABLES,
] as const;

/** What it can do without: only /metrics and /readyz have a use for them. */
export const API_OPTIONAL_VARIABLES = ['ROW_DLQ_URL', 'SEGMENT_DLQ_URL', 'OBJECT_QUEUE_URL', 'OBJECT_DLQ_URL'] as const;

export type ApiEnvironment = Environment<(typeof API_VARIABLES)[number]> &
  Partial<Environment<(typeof API_OPTIONAL_VARIABLES)[number]>>;

/**
 * Starts the API with a pool of its own.
 *
 * @param dataDir where Postgres or S3 is embedded: metrics tell how much room its disk has.
 *
 * @throws EnvironmentError when others than this machine could reach it without any credentials; ListenError when its
 *   address cannot be listened on.
 */
export async function startApi(
  environment: ApiEnvironment,
  logger: Logger,
  { dataDir }: { dataDir?: string | undefined } = {},
): Promise<RunningApi> {
  const s3 = createS3Client(environment, { timeouts: 'request' });
  const sqs = createSqsClient(environment, { timeouts: 'request' });
  const password = databasePassword(environment, sqs);
  const database = connect({
    url: environment.DATABASE_URL,
    password,
    poolMax: environment.DATABASE_POOL_MAX,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    trustForMs: TRUST_CONNECTION_FOR,
    onWarning: (message) => logger.warn(message),
  });
  const stopping = new AbortController();
  try {
    await assertUsable(environment, { s3, sqs, password });
    const access = accessSettings(environment, database);
    await assertAuthConfigured(environment, access, logger);
    const app = createApp({
      database,
      s3,
      sqs,
      bucket: environment.UPLOAD_BUCKET,
      rowQueueUrl: environment.ROW_QUEUE_URL,
      segmentQueueUrl: environment.SEGMENT_QUEUE_URL,
      rowDlqUrl: environment.ROW_DLQ_URL,
      segmentDlqUrl: environment.SEGMENT_DLQ_URL,
      objectQueue: objectQueueOf(environment),
      dataDir,
      maxUploadBytes: environment.MAX_UPLOAD_BYTES,
      directUploadBytes: environment.DIRECT_UPLOAD_BYTES,
      uploadMemoryBytes: environment.UPLOAD_MEMORY_BYTES,
      access,
      signIn: signInOf(environment),
      rateLimitPerMinute: environment.RATE_LIMIT_PER_MINUTE,
      trustedProxies: environment.TRUSTED_PROXIES,
      publicUrl: environment.PUBLIC_URL,
      backfillPrefix: environment.BACKFILL_PREFIX,
      startExecution:
        environment.BACKFILL_STATE_MACHINE_ARN === undefined
          ? undefined
          : executionStarter(environment.BACKFILL_STATE_MACHINE_ARN),
      allowPrivateWebhooks: environment.WEBHOOK_ALLOW_PRIVATE,
      stopping: stopping.signal,
      logger,
    });
    const server = await listen(app, { host: environment.HOST, port: environment.PORT });
    const stopMaintenance = startMaintenance({ database, s3, logger });
    const stopCompletionLog = startCompletionLog({ database, logger });
    return {
      url: server.url,
      async close() {
        stopping.abort();
        await server.close();
        await Promise.all([stopMaintenance(), stopCompletionLog()]);
        await database.destroy();
      },
    };
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

/**
 * What is unavailable is waited for; what does not exist, or does not let this process in, is not.
 *
 * @throws EnvironmentError that names the variable.
 */
async function assertUsable(
  environment: ApiEnvironment,
  { s3, sqs, password }: { s3: S3Client; sqs: SQSClient; password: MakePassword | undefined },
): Promise<void> {
  const { ROW_QUEUE_URL, SEGMENT_QUEUE_URL, ROW_DLQ_URL, SEGMENT_DLQ_URL } = environment;
  const { OBJECT_QUEUE_URL, OBJECT_DLQ_URL } = environment;
  const [refusal] = await Promise.all([
    findRefusal(environment.DATABASE_URL, password),
    assertServicesExist({
      s3,
      sqs,
      bucket: environment.UPLOAD_BUCKET,
      queues: { ROW_QUEUE_URL, SEGMENT_QUEUE_URL, ROW_DLQ_URL, SEGMENT_DLQ_URL, OBJECT_QUEUE_URL, OBJECT_DLQ_URL },
    }),
  ]);
  if (refusal !== undefined) throw new EnvironmentError(refusal);
}

function accessSettings(
  { HOST, TRUSTED_PROXIES, CORS_ORIGINS, OIDC_ISSUER, OIDC_AUDIENCE }: ApiEnvironment,
  database: Database,
): AccessSettings {
  if (OIDC_ISSUER !== undefined && OIDC_AUDIENCE === undefined)
    throw new EnvironmentError('OIDC_AUDIENCE is not set, but OIDC_ISSUER is');
  const tokens =
    OIDC_ISSUER === undefined || OIDC_AUDIENCE === undefined
      ? undefined
      : new TokenVerifier({ issuer: OIDC_ISSUER, audience: OIDC_AUDIENCE });
  // Through a proxy others reach it, also on loopback.
  const openWithoutKeys = isLoopback(HOST) && TRUSTED_PROXIES === 0;
  return { keys: new KeyRing(database), tokens, openWithoutKeys, corsOrigins: CORS_ORIGINS };
}

/** An API that others can reach and nobody may use is a mistake: better said at the start than by a 401 to everybody. */
async function assertAuthConfigured(
  { HOST, TRUSTED_PROXIES }: ApiEnvironment,
  { keys, tokens, openWithoutKeys }: AccessSettings,
  logger: Logger,
): Promise<void> {
  if (openWithoutKeys || tokens !== undefined) return;
  const isEmpty = await keys.isEmpty().catch((error: unknown) => {
    if (!isDatabaseUnavailable(error)) throw error;
    // Nobody gets in without a key, so it is safe to go on.
    logger.warn({ err: error }, 'API keys could not be read: Postgres is unavailable');
    return false;
  });
  if (!isEmpty) return;
  const way = isLoopback(HOST) ? `TRUSTED_PROXIES is ${TRUSTED_PROXIES}` : `HOST is ${HOST}`;
  throw new EnvironmentError(
    `${way}, so others can reach the API, and there is no API key; make one with "npm run keys -- create --name <name>", or set OIDC_ISSUER`,
  );
}
