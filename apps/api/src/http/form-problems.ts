import type { Request } from 'express';
import { MulterError } from 'multer';
import { ApiProblem } from '../problems/api-problem.ts';
import { TEXT_FIELDS } from './text-fields.ts';

type Form = { field: string; maxFileBytes: number };

export function notMultipart(request: Request, field: string): string {
  const advice = `Send the file as multipart/form-data, in the field "${field}"`;
  const isData = Boolean(request.is('application/x-www-form-urlencoded'));
  return isData
    ? `${advice}. With curl, use -F ${field}=@staff.csv instead of -d or --data-binary.`
    : `${advice}, with curl -F ${field}=@staff.csv.`;
}

export function noFile(request: Request, field: string): string {
  const fields: unknown = request.body;
  const isText = typeof fields === 'object' && fields !== null && Object.hasOwn(fields, field);
  return isText
    ? `The field "${field}" is text and no file. With curl, put an @ in front of the file's name: -F ${field}=@staff.csv.`
    : `Send the file in the multipart field "${field}", with curl -F ${field}=@staff.csv.`;
}

/** What multer and busboy throw, as a problem where it is the fault of the form. */
export function toProblem(error: unknown, form: Form): unknown {
  if (error instanceof MulterError) return problemOfMulter(error, form);
  // busboy has no class or code for what it cannot parse.
  if (error instanceof Error && /^(Multipart: |Unexpected end of (form|file)|Malformed )/.test(error.message)) {
    return new ApiProblem('malformed_multipart', `${error.message}.`, { cause: error });
  }
  return error;
}

function problemOfMulter(error: MulterError, { field, maxFileBytes }: Form): ApiProblem {
  switch (error.code) {
    case 'LIMIT_FILE_SIZE':
      return fileTooLarge(maxFileBytes);
    case 'LIMIT_FILE_COUNT':
      return new ApiProblem('too_many_files', 'Send one file a request.');
    case 'LIMIT_FIELD_VALUE':
      return fieldTooLong(error.field ?? '');
    case 'LIMIT_UNEXPECTED_FILE':
      return new ApiProblem('unexpected_field', `The file is in the field "${error.field}"; it must be in "${field}".`);
    default:
      return new ApiProblem('malformed_multipart', `${error.message}.`, { cause: error });
  }
}

function fieldTooLong(name: string): ApiProblem {
  const message = `has more than ${TEXT_FIELDS.bytes} bytes`;
  return new ApiProblem('malformed_multipart', `The field "${name}" ${message}.`, {
    errors: [{ parameter: name, message }],
  });
}

export function fileTooLarge(maxFileBytes: number): ApiProblem {
  return new ApiProblem(
    'file_too_large',
    `The file has more than ${maxFileBytes} bytes, the most that this server takes.`,
  );
}
