export { type ApiKeyRecord, addApiKey, listApiKeys, type NewApiKey, revokeApiKey } from './api-keys.ts';
export type { RejectedRow, ValidRow } from './batch.ts';
export { markCompletedUploads } from './completed-uploads.ts';
export { type ConnectionSettings, connect, type Database } from './connection.ts';
export {
  clearFailureReasons,
  type DeadRow,
  type DeliveryFailure,
  FAILED_OUTCOMES,
  type FailedRowFilter,
  type FailedRowRecord,
  listFailedRows,
  recordDeadRows,
  saveFailureReasons,
  saveUnreadableMessage,
  type UnreadableMessage,
} from './dead-letters.ts';
export { countWrites, type WriteCounts } from './dry-run.ts';
export { readEmployees } from './employee-export.ts';
export { EMPLOYEE_SORTS, type EmployeeOrder, type EmployeePosition, type EmployeeSort } from './employee-order.ts';
export type { EmployeeFilter } from './employee-search.ts';
export { COUNT_MAX, type EmployeeList, type EmployeeQuery, type EmployeeRecord, listEmployees } from './employees.ts';
export {
  isDatabaseUnavailable,
  isDataError,
  isRefusal,
  reasonOf,
  sqlState,
} from './error-class.ts';
export { type FailedRow, readFailedRows } from './failed-rows-export.ts';
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
} from './idempotency.ts';
export { LeaderElection } from './leader-election.ts';
export { migrate, migrationSettings } from './migrate.ts';
export { findRedriveState, type RedriveState, redriveDeadRows, rereadUpload } from './redrive.ts';
export { SearchIndexMaintenance } from './search-index-maintenance.ts';
export {
  ageOfOldestOpenUpload,
  countRowsByOutcome,
  type PoolUsage,
  pingDatabase,
  poolUsage,
} from './statistics.ts';
export {
  expectParts,
  expireUpload,
  findExpiredUploads,
  findUnfinishedUpload,
  INTERRUPTED,
  noteMultipart,
  type UnfinishedUpload,
} from './unfinished-uploads.ts';
export {
  discardUpload,
  failUpload,
  findUnreadUploads,
  findUpload,
  findUploadFile,
  findUploads,
  finishSegment,
  listUploads,
  markUploadEnqueued,
  openUpload,
  RECEIVED_UPLOADS,
  receiveUpload,
  startUpload,
  UPLOAD_STATUSES,
  type UploadFile,
  type UploadRecord,
  type UploadStatus,
} from './uploads.ts';
export { writeRows } from './write-rows.ts';
