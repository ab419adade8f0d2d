export { type ApiKeyRecord, addApiKey, listApiKeys, type NewApiKey, revokeApiKey } from './api-keys.ts';
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
export { type EmployeePage, type EmployeeRecord, listEmployees } from './employees.ts';
export { classify, type ErrorClass, isDatabaseAway, isDataError, isRefusal, reasonOf, sqlState } from './error-class.ts';
export { type FailedRow, readFailedRows } from './failed-rows-export.ts';
export { Leadership } from './leadership.ts';
export { migrate, migrationSettings } from './migrate.ts';
export { findRedriveState, type RedriveState, redriveDeadRows, rereadUpload } from './redrive.ts';
export {
  ageOfOldestUploadUnderWay,
  countRowsByOutcome,
  type PoolUsage,
  pingDatabase,
  poolUsage,
} from './statistics.ts';
export {
  discardUpload,
  failUpload,
  findUnreadUploads,
  findUpload,
  findUploadFile,
  finishSegment,
  listUploads,
  openUpload,
  receiveUpload,
  startUpload,
  UPLOAD_STATUSES,
  type UploadFile,
  type UploadRecord,
  type UploadStatus,
} from './uploads.ts';
export { type RejectedRow, type ValidRow, writeRows } from './write-rows.ts';
