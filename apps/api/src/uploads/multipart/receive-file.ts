import type { Readable, Writable } from 'node:stream';
import { UnreadableFileError } from '@rowferry/employee-file';
import type { Request, Response } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';
import { announcesMoreThan, UNREAD } from '../../http/announced-body.ts';
import { ApiProblem } from '../../problems/catalogue.ts';
import { FILE_FIELD } from '../contract.ts';
import { feedForm } from './feed-form.ts';

declare module 'multer' {
  interface Options {
    /** Documented by multer, and missing in its types. */
    streamHandler?: (request: Readable, busboy: Writable) => void;
  }
}

const KIB = 1024;
/** More than the rest of a form can have: 20 fields of 64 KiB, and the headers of its parts. */
const FORM_MAX_BYTES = 2 * KIB * KIB;

/** Takes the one file of a multipart request into storage; undefined when there is none. @throws ApiProblem for everything else. */
export type ReceiveFile = (request: Request, response: Response) => Promise<Express.Multer.File | undefined>;

export function receiveFile(storage: StorageEngine, maxUploadBytes: number): ReceiveFile {
  const receive = multer({
    storage,
    streamHandler: feedForm,
    // Browsers send file names as UTF-8; multer's default reads them as Latin-1.
    defParamCharset: 'utf8',
    // busboy takes a name of nothing but dots for no file; what is shown of a path is decided in one place.
    preservePath: true,
    limits: {
      fileSize: maxUploadBytes,
      files: 1,
      fields: 20,
      parts: 21,
      fieldNameSize: 100,
      fieldSize: 64 * KIB,
      fieldNestingDepth: 1,
      headerPairs: 50,
    },
  }).single(FILE_FIELD);

  return async (request, response) => {
    if (!request.is('multipart/form-data')) {
      throw new ApiProblem('not_multipart', `Send the file as multipart/form-data, in the field "${FILE_FIELD}".`);
    }
    if (announcesMoreThan(request, maxUploadBytes + FORM_MAX_BYTES)) throw tooLarge(maxUploadBytes, UNREAD);
    await new Promise<void>((resolve, reject) => {
      receive(request, response, (error: unknown) =>
        error === undefined ? resolve() : reject(describe(error, maxUploadBytes)),
      );
    });
    return request.file;
  };
}

function describe(error: unknown, maxUploadBytes: number): unknown {
  if (error instanceof UnreadableFileError) return new ApiProblem('not_csv', error.message);
  if (error instanceof MulterError) return describeMulterError(error, maxUploadBytes);
  // busboy has no class or code for what it cannot parse.
  if (error instanceof Error && /^(Multipart: |Unexpected end of (form|file)|Malformed )/.test(error.message)) {
    return new ApiProblem('malformed_multipart', `${error.message}.`, { cause: error });
  }
  return error;
}

function tooLarge(maxUploadBytes: number, options?: typeof UNREAD): ApiProblem {
  return new ApiProblem(
    'file_too_large',
    `The file has more than ${maxUploadBytes} bytes, the most that this server takes.`,
    options,
  );
}

function describeMulterError(error: MulterError, maxUploadBytes: number): ApiProblem {
  switch (error.code) {
    case 'LIMIT_FILE_SIZE':
      return tooLarge(maxUploadBytes);
    case 'LIMIT_FILE_COUNT':
      return new ApiProblem('too_many_files', 'Send one file a request.');
    case 'LIMIT_UNEXPECTED_FILE':
      return new ApiProblem(
        'unexpected_field',
        `The file is in the field "${error.field}"; it must be in "${FILE_FIELD}".`,
      );
    default:
      return new ApiProblem('malformed_multipart', `${error.message}.`, { cause: error });
  }
}
