import {
  type AwsEnvironment,
  assertServicesExist,
  createS3Client,
  createSqsClient,
  isServiceUnavailable,
} from '@rowferry/aws';
import { connect, explainDatabaseError, migrate, UnknownSchemaError } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { ensureBucket, ensureQueues, type QueueUrls } from './resources.ts';
import { StartError } from './start-error.ts';

/** Longest that a migration may take: on a large table an index is the work of an hour. */
const MIGRATION_TIMEOUT_MS = 2 * 60 * 60 * 1000;

/** Brings the schema up to date. @throws StartError when the database cannot be reached, or has the schema of another version. */
export async function prepareDatabase(url: string, logger: Logger): Promise<void> {
  const onWarning = (message: string) => logger.debug(message);
  const database = connect({ url, poolMax: 2, statementTimeoutMs: MIGRATION_TIMEOUT_MS, onWarning });
  try {
    await migrate(database);
  } catch (error) {
    if (error instanceof UnknownSchemaError) throw new StartError(error.message);
    const explained = explainDatabaseError(error, url);
    if (explained !== undefined) throw new StartError(explained);
    throw error;
  } finally {
    await database.destroy();
  }
}

/** Makes the bucket and the queues that are missing. @throws StartError when S3 or SQS cannot be reached, or credentials are missing. */
export async function prepareQueuesAndBucket(
  environment: AwsEnvironment,
  bucket: string,
  given: { [Queue in keyof QueueUrls]: string | undefined },
): Promise<QueueUrls> {
  const s3 = createS3Client(environment);
  const sqs = createSqsClient(environment);
  try {
    await ensureBucket(s3, bucket);
    const queues = await ensureQueues(sqs, given);
    await assertServicesExist({ s3, sqs, bucket, queues: queueVariables(given) });
    return queues;
  } catch (error) {
    if (isServiceUnavailable(error))
      throw new StartError(`S3 or SQS cannot be reached (${reasonOf(error)}); check AWS_ENDPOINT_URL`);
    if (error instanceof Error && error.name === 'CredentialsProviderError')
      throw new StartError(
        `There are no credentials for S3 and SQS (${reasonOf(error)}); check AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
      );
    throw error;
  } finally {
    s3.destroy();
    sqs.destroy();
  }
}

/** The queues by the variables that name them. */
export function queueVariables<Url>({ rows, rowsDlq, segments, segmentsDlq }: Record<keyof QueueUrls, Url>) {
  return { ROW_QUEUE_URL: rows, ROW_DLQ_URL: rowsDlq, SEGMENT_QUEUE_URL: segments, SEGMENT_DLQ_URL: segmentsDlq };
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}
