import { refuseNotCsv, refuseUnreadable, UnreadableFileError } from '@rowferry/employee-file';
import type { ReadSettings } from '@rowferry/messages';
import type { UploadFailure } from '@rowferry/roster';
import type { FileForm, FormFile } from '../http/receive-form.ts';
import { SETTINGS_NAMES } from '../import-settings/parameters.ts';
import { ApiProblem } from '../problems/api-problem.ts';
import type { ProblemCode } from '../problems/catalogue.ts';

/** The multipart field of the file. */
export const FILE_FIELD = 'employee_data';

/** The form that brings a file of employees, and in front of it how it is to be read. */
export function csvForm(maxUploadBytes: number): FileForm {
  return { field: FILE_FIELD, maxFileBytes: maxUploadBytes, textFields: SETTINGS_NAMES };
}

/** The failures of uploads that the beginning of a file tells; each is a problem of the same code. */
export const UNREADABLE_PROBLEMS = [
  'empty_file',
  'not_csv',
  'unknown_encoding',
  'missing_columns',
  'ambiguous_columns',
  'too_many_columns',
  'settings_mismatch',
  'profile_mismatch',
] as const satisfies readonly (ProblemCode & UploadFailure['code'])[];

/** The bytes of a file that may be CSV. @throws ApiProblem `not_csv` when its first bytes are those of something else. */
export function csvContentOf({ content }: FormFile): Promise<AsyncIterable<Uint8Array>> {
  return refuseNotCsv(content).catch(throwAsProblem);
}

/**
 * The bytes of a file that can be read as far as its beginning tells.
 *
 * @throws ApiProblem, one of UNREADABLE_PROBLEMS, when it cannot.
 */
export function readableContentOf({ content }: FormFile, settings: ReadSettings): Promise<AsyncIterable<Uint8Array>> {
  return refuseUnreadable(content, settings).catch(throwAsProblem);
}

function throwAsProblem(error: unknown): never {
  if (!(error instanceof UnreadableFileError)) throw error;
  const { failure } = error;
  const code = UNREADABLE_PROBLEMS.find((known) => known === failure.code);
  if (code === undefined) throw error;
  const errors = (failure.columns ?? []).map((parameter) => ({ parameter, message: messageFor(code) }));
  throw new ApiProblem(code, failure.detail, { errors, cause: error });
}

/** What is wrong with a column that the failure names. */
function messageFor(code: UploadFailure['code']): string {
  switch (code) {
    case 'ambiguous_columns':
      return 'has several columns';
    case 'settings_mismatch':
      return 'is stated as this file does not have it';
    default:
      return 'has no column';
  }
}
