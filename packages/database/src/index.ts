export { type ConnectionSettings, connect, type Database } from './connection.ts';
export {
  type DeadRow,
  type DeliveryFailure,
  FAILED_OUTCOMES,
  type FailedRowRecord,
  forgetFailures,
  keepUnreadableMessage,
  listFailedRows,
  recordDeadRows,
  rememberFailures,
  type UnreadableMessage,
} from './dead-letters.ts';
export { type EmployeePage, type EmployeeRecord, listEmployees } from './employees.ts';
export { classify, type ErrorClass, isDatabaseAway, isDataError, reasonOf, sqlState } from './error-class.ts';
export { Leadership } from './leadership.ts';
export { migrate, migrationSettings } from './migrate.ts';
export { findRedriveState, type RedriveState, redriveDeadRows, rereadUpload } from './redrive.ts';
export {
  discardUpload,
  failUpload,
  findUnreadUploads,
  findUpload,
  finishSegment,
  listUploads,
  openUpload,
  receiveUpload,
  startUpload,
  UPLOAD_STATUSES,
  type UploadRecord,
  type UploadStatus,
} from './uploads.ts';
export { type RejectedRow, type ValidRow, writeRows } from './write-rows.ts';
