export { type ApiKeyRecord, addApiKey, listApiKeys, type NewApiKey, revokeApiKey } from './api-keys.ts';
export type { RejectedRow, ValidRow } from './batch.ts';
export { type ConnectionSettings, connect, type Database } from './connection.ts';
export {
  type DeadRow,
  type DeliveryFailure,
  FAILED_OUTCOMES,
  type FailedRowFilter,
  type FailedRowRecord,
  forgetFailures,
  keepUnreadableMessage,
  listFailedRows,
  recordDeadRows,
  rememberFailures,
  type UnreadableMessage,
} from './dead-letters.ts';
export { countWrites, type WriteCounts } from './dry-run.ts';
export { readEmployees } from './employee-export.ts';
export { EMPLOYEE_SORTS, type EmployeeOrder, type EmployeePosition, type EmployeeSort } from './employee-order.ts';
export type { EmployeeFilter } from './employee-search.ts';
export { COUNT_MAX, type EmployeeList, type EmployeeQuery, type EmployeeRecord, listEmployees } from './employees.ts';
export {
  isDatabaseAway,
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
  forgetOldKeys,
  noteAttempt,
  releaseKey,
  renewClaim,
  type StoredAnswer,
} from './idempotency.ts';
export { Leadership } from './leadership.ts';
export { migrate, migrationSettings } from './migrate.ts';
export { findRedriveState, type RedriveState, redriveDeadRows, rereadUpload } from './redrive.ts';
export { SearchIndexUpkeep } from './search-index.ts';
export { settleUploads } from './settled-uploads.ts';
export {
  ageOfOldestUploadUnderWay,
  countRowsByOutcome,
  type PoolUsage,
  pingDatabase,
  poolUsage,
} from './statistics.ts';
export {
  expectParts,
  findExpiredUploads,
  findUnfinishedUpload,
  giveUpUpload,
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
  handOverUpload,
  listUploads,
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
