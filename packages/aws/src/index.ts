export { delayRetries, type Retry } from './backoff.ts';
export { type Failures, failuresOf, toBatchResponse } from './batch-failures.ts';
export { BatchSender, SendError } from './batch-sender.ts';
export { originOfBucket } from './bucket-origin.ts';
export { AWS_VARIABLES, type AwsEnvironment, createS3Client, createSnsClient, createSqsClient } from './clients.ts';
export { CopyRefusedError, copyFile } from './copy-object.ts';
export { databasePassword } from './database-token.ts';
export {
  abortDirectUpload,
  completeDirectUpload,
  type DirectUpload,
  listStoredParts,
  openDirectUpload,
  PartsRefusedError,
  type SentPart,
  type StoredPart,
  signPart,
  unquoted,
} from './direct-upload.ts';
export { EVENT_QUEUES, type EventQueue, subscriptionAttributes, WEBHOOK_WAKE } from './event-queues.ts';
export { deleteProfile, findProfile, listProfiles, putProfile } from './import-profiles.ts';
export { findSettings, settleSettings, storeSettings, type UploadWithSettings } from './import-settings.ts';
export { INCOMING_FILE_MEMORY_BYTES, IncomingFile, type StoredFile } from './incoming-file.ts';
export { type ListedObject, listObjectPage, type ObjectPage } from './list-objects.ts';
export { objectAddressOf } from './object-address.ts';
export {
  beforeReading,
  type FileMetadata,
  ObjectGoneError,
  type OpenObject,
  openObject,
  readMetadata,
  readObject,
} from './objects.ts';
export { publishToTopic } from './publish-to-topic.ts';
export {
  isLastAttempt,
  MAX_RECEIVE_COUNT,
  MESSAGE_RETENTION_SECONDS,
  SQS_BATCH_SIZE,
  VISIBILITY_TIMEOUT_SECONDS,
} from './queue-settings.ts';
export { assertServicesExist, isMissingQueue, measureQueue, pingBucket, type QueueDepth } from './service-checks.ts';
export { isSdkError, isServiceUnavailable } from './service-unavailable.ts';
