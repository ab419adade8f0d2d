import { refuseNotCsv, UnreadableFileError } from '@rowferry/employee-file';
import type { FileForm, FormFile } from '../http/receive-form.ts';
import { ApiProblem } from '../problems/api-problem.ts';

/** The multipart field of the file. */
export const FILE_FIELD = 'employee_data';

/** The form of whoever sends a file of employees. */
export function csvForm(maxUploadBytes: number): FileForm {
  return { field: FILE_FIELD, maxFileBytes: maxUploadBytes };
}

/** The bytes of a file whose first bytes can be those of a CSV file. @throws ApiProblem `not_csv` when they are not. */
export async function csvContentOf({ content }: FormFile): Promise<AsyncIterable<Uint8Array>> {
  try {
    return await refuseNotCsv(content);
  } catch (error) {
    throw error instanceof UnreadableFileError ? new ApiProblem('not_csv', error.message, { cause: error }) : error;
  }
}
