export { addBackfillFiles, type ObjectsListed } from './backfills/add-backfill-files.ts';
export { endBackfillFile, nextBackfillFiles, startBackfillFile } from './backfills/backfill-file-states.ts';
export {
  BACKFILL_FILE_STATES,
  BACKFILL_STATUSES,
  type BackfillFileState,
  type BackfillReason,
  type BackfillRecord,
  type StoredBackfill,
} from './backfills/backfill-record.ts';
export { discardCopiedUpload, openCopiedUpload } from './backfills/copied-uploads.ts';
export { failBackfill, finishBackfill, summariseBackfill } from './backfills/end-backfill.ts';
export {
  findBackfill,
  findOpenBackfills,
  findStoredBackfill,
  listBackfills,
  withCounts,
} from './backfills/find-backfill.ts';
export { type BackfillFile, findBackfillFile, listBackfillFiles } from './backfills/list-backfill-files.ts';
export { OPENED_BACKFILLS, openBackfill, touchBackfill } from './backfills/open-backfill.ts';
export { type ConnectionSettings, connect, type Database } from './connection/connect.ts';
export { isDatabaseUnavailable, isDataError, isRefusal, reasonOf, sqlState } from './connection/error-class.ts';
export { explainDatabaseError, explainRefusal, findRefusal } from './connection/explain-error.ts';
export { LeaderElection } from './connection/leader-election.ts';
export type { MakePassword } from './connection/server.ts';
export {
  EMPLOYEE_SORTS,
  type EmployeeOrder,
  type EmployeePosition,
  type EmployeeSort,
} from './employees/employee-order.ts';
export { COUNT_MAX, type EmployeeQuery } from './employees/employee-page.ts';
export type { EmployeeRecord } from './employees/employee-record.ts';
export type { EmployeeFilter } from './employees/employee-search.ts';
export { readEmployees } from './employees/export-employees.ts';
export { type EmployeeOrigin, findEmployee } from './employees/find-employee.ts';
export { type EmployeeList, listEmployees } from './employees/list-employees.ts';
export { SearchIndexMaintenance, tidySearchIndex } from './employees/search-index-maintenance.ts';
export { deleteExpiredEvents, measureOutbox, type PublishBatch, publishEvents } from './events/publish-events.ts';
export { type NewEvent, recordEvent } from './events/record-event.ts';
export { recordStalledUploads } from './events/stalled-uploads.ts';
export {
  type DeadRow,
  recordDeadRows,
} from './failed-rows/dead-letters.ts';
export { clearFailureReasons, type DeliveryFailure, saveFailureReasons } from './failed-rows/failure-reasons.ts';
export {
  type FailedRowFilter,
  type FailedRowRecord,
  listFailedRows,
} from './failed-rows/list-failed-rows.ts';
export {
  type FailedRow,
  readFailedRows,
  readSupersededRows,
  type SupersededRow,
} from './failed-rows/read-failed-rows.ts';
export { findRedriveState, type RedriveState, redriveDeadRows, rereadUpload } from './failed-rows/redrive.ts';
export type { SupersedingRow } from './failed-rows/superseding-row.ts';
export {
  BODY_START_MAX,
  countUnreadableMessages,
  listUnreadableMessages,
  saveUnreadableMessage,
  type UnreadableMessage,
  type UnreadableMessageRecord,
} from './failed-rows/unreadable-messages.ts';
export {
  countNotifications,
  listNotifications,
  markNotificationsRead,
  type NotificationQuery,
  type NotificationRecord,
} from './notifications/list-notifications.ts';
export { deleteExpiredNotifications, storeNotifications } from './notifications/store-notifications.ts';
export { generateApiKey, idOfApiKey, isHashOf } from './operations/api-key-secret.ts';
export {
  type ApiKeyRecord,
  addApiKey,
  createApiKey,
  listApiKeys,
  type NewApiKey,
  revokeApiKey,
  SCOPES,
  type Scope,
} from './operations/api-keys.ts';
export { APPLICATION_USER, grantApplicationUser } from './operations/application-user.ts';
export {
  type Attempt,
  answerKey,
  type Claim,
  type Claimed,
  claimKey,
  deleteExpiredKeys,
  noteAttempt,
  releaseKey,
  renewClaim,
  type StoredAnswer,
} from './operations/idempotency-keys.ts';
export { assertKnownSchema, migrate, migrationSettings, UnknownSchemaError } from './operations/migrate.ts';
export { listRowTotals, type RowTotals, recordRowTotals } from './operations/row-totals.ts';
export { missingMigrations } from './operations/schema-check.ts';
export {
  ageOfOldestOpenUpload,
  countRowsByOutcome,
  type PoolUsage,
  pingDatabase,
  poolUsage,
} from './operations/statistics.ts';
export type { RejectedRow, ValidRow } from './row-writes/batch.ts';
export { CHANGES_MAX, type Change, type WriteCounts, type WritePreview } from './row-writes/compare-writes.ts';
export { countWrites, type PlacedEmployee } from './row-writes/count-writes.ts';
export { writeRows } from './row-writes/write-rows.ts';
export { markCompletedUploads } from './uploads/completed-uploads.ts';
export { findUnreadUploads, identifyUploads, markUploadsEnqueued } from './uploads/enqueued-uploads.ts';
export {
  findUpload,
  findUploadFile,
  findUploads,
  type Sender,
  UPLOAD_STATUSES,
  type UploadFile,
  type UploadRecord,
  type UploadStatus,
} from './uploads/find-upload.ts';
export { listUploads } from './uploads/list-uploads.ts';
export type { NameFacts, RenamingRow, SharedAddress } from './uploads/name-facts.ts';
export { failUpload, finishSegment, startUpload } from './uploads/reading-progress.ts';
export { discardUpload, openUpload, RECEIVED_UPLOADS, receiveUpload } from './uploads/receive-upload.ts';
export { findStartedUploads, type StartedUpload } from './uploads/started-uploads.ts';
export {
  expectParts,
  expireUpload,
  findExpiredUploads,
  findUnfinishedUpload,
  INTERRUPTED,
  interruptUpload,
  noteMultipart,
  type UnfinishedUpload,
} from './uploads/unfinished-uploads.ts';
export { type ClaimedDelivery, claimDeliveries } from './webhooks/claim-deliveries.ts';
export {
  type AttemptRecord,
  type DeliveryRecord,
  type DeliveryStatus,
  listDeliveries,
  replayDelivery,
  SHOWN_ATTEMPTS_MAX,
} from './webhooks/list-deliveries.ts';
export { deleteOldDeliveries, planDeliveries } from './webhooks/plan-deliveries.ts';
export { recordAttempt } from './webhooks/record-attempt.ts';
export {
  addWebhook,
  deleteWebhook,
  enableWebhook,
  findWebhook,
  listWebhooks,
  rotateWebhookSecret,
  type WebhookRecord,
} from './webhooks/webhooks.ts';
