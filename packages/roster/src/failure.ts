import type { Column } from './columns.ts';

/** Why a file as a whole could not be read. The texts that users see are in docs/errors.md. */
export const FAILURE_CODES = [
  'empty_file',
  'not_csv',
  'unknown_encoding',
  'missing_columns',
  'ambiguous_columns',
  'too_many_columns',
  'settings_mismatch',
  'profile_mismatch',
  'invalid_settings',
  'file_too_large',
  'object_gone',
  'upload_interrupted',
  'internal',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

export type UploadFailure = {
  code: FailureCode;
  detail: string;
  /** The columns meant, for `missing_columns`, `ambiguous_columns` and `settings_mismatch`. */
  columns?: Column[] | undefined;
};
