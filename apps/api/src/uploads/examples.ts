import { byColumn, zeroCounts } from '@rowferry/roster';
import type { UploadResource } from './schema.ts';

/** A file of 420 rows that was sent over HTTP, of which two rows are rejected. */
export const COMPLETED_UPLOAD = {
  id: '019a2216-4b00-7c41-9d2e-5f6a8b3c1d70',
  status: 'completed_with_errors',
  fileName: 'staff.csv',
  sizeBytes: 38_211,
  receivedAt: '2026-11-28T09:30:00.412Z',
  startedAt: '2026-11-28T09:30:00.530Z',
  finishedAt: '2026-11-28T09:30:01.104Z',
  total: 420,
  progress: 1,
  estimatedSecondsLeft: null,
  counts: { ...zeroCounts(), inserted: 400, updated: 11, unchanged: 7, rejected: 2 },
  detected: { delimiter: ';', encoding: 'utf-8', bom: true, header: true },
  columns: byColumn((column) => column),
  ignoredColumns: ['Salary'],
  brokenRecords: 0,
  warnings: [
    {
      code: 'html_entities',
      column: 'employee_name',
      text: 'employee_name has signs written as HTML',
      count: 1,
      lines: [17],
    },
  ],
  failure: null,
  duplicateOf: null,
  sentBy: { kind: 'key', id: '3f9c1a7be2d40568', name: 'payroll' },
} satisfies UploadResource;

/** The same when its file was stored a moment ago. */
export const RECEIVED_UPLOAD = {
  ...COMPLETED_UPLOAD,
  status: 'received',
  startedAt: null,
  finishedAt: null,
  total: null,
  progress: null,
  counts: zeroCounts(),
  detected: null,
  columns: null,
  ignoredColumns: [],
  brokenRecords: null,
  warnings: [],
} satisfies UploadResource;

/** A file that could not be read. */
export const FAILED_UPLOAD = {
  ...RECEIVED_UPLOAD,
  id: '019a2216-7c10-7e02-8a4b-1c2d3e4f5a60',
  status: 'failed',
  fileName: 'wages.csv',
  startedAt: '2026-11-28T09:31:12.020Z',
  finishedAt: '2026-11-28T09:31:12.020Z',
  failure: { code: 'missing_columns', detail: 'The header has no column for email.', columns: ['email'] },
} satisfies UploadResource;
