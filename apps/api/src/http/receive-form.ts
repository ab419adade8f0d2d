import type { Readable, Writable } from 'node:stream';
import type { Request, Response } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';
import { ApiProblem } from '../problems/api-problem.ts';
import { watchPace } from './pace.ts';
import { announcedBytes } from './request-body.ts';

declare module 'multer' {
  interface Options {
    /** Documented by multer, and missing in its types. */
    streamHandler?: (request: Readable, busboy: Writable) => void;
  }
}

const KIB = 1024;
/** More than the rest of a form can have: 20 fields of 64 KiB, and the headers of its parts. */
const FORM_MAX_BYTES = 2 * KIB * KIB;

/** The form that a route takes: one file, in the field of this name. */
export type FileForm = { field: string; maxFileBytes: number };

/** The file of a form as it arrives. */
export type FormFile = {
  /** As the client sent it. */
  name: string;
  contentType: string;
  /** Throws when the body is cut off or the file has too many bytes. Reading may end early. */
  content: AsyncIterable<Uint8Array>;
  /** Aborted as soon as the file has too many bytes. `content` throws only when the rest of the file has come. */
  tooLarge: AbortSignal;
};

export type FormFileReceiver<Received> = {
  /** Takes the file while it arrives. */
  receive(file: FormFile): Promise<Received>;
  /** Undoes `receive`: the rest of the form turned out to be bad. */
  discard(received: Received): Promise<void>;
};

/**
 * Receives the one file of a multipart request.
 *
 * @returns what `receive` made of it, when the whole form was good.
 * @throws ApiProblem when the form is bad or has no file, `request_timeout` when it stops coming, and what `receive`
 *   throws; nothing is left of the file then.
 */
export async function receiveForm<Received>(
  request: Request,
  response: Response,
  { field, maxFileBytes }: FileForm,
  { receive, discard }: FormFileReceiver<Received>,
): Promise<Received> {
  if (!request.is('multipart/form-data')) throw new ApiProblem('not_multipart', notMultipart(request, field));
  if ((announcedBytes(request) ?? 0) > maxFileBytes + FORM_MAX_BYTES) throw fileTooLarge(maxFileBytes);
  const received: Received[] = [];
  const receiving: Promise<unknown>[] = [];
  const failure = Promise.withResolvers<never>();
  const storage: StorageEngine = {
    _handleFile(_request, file, done) {
      const reception = receive(toFormFile(file)).then(
        (value) => {
          received.push(value);
          done();
        },
        (error: unknown) => {
          // multer hands on an error when the rest of the body has come, which here would have to be sent again.
          if (error instanceof ApiProblem && error.code === 'busy') failure.reject(error);
          done(error);
        },
      );
      receiving.push(reception);
    },
    _removeFile(_request, _file, done) {
      Promise.all(received.splice(0).map(discard)).then(() => done(null), done);
    },
  };
  const onStalled = async (detail: string) => {
    await Promise.allSettled(receiving);
    await Promise.allSettled(received.splice(0).map(discard));
    failure.reject(new ApiProblem('request_timeout', detail));
  };
  const parseForm = formParser(storage, maxFileBytes, onStalled).single(field);
  const parsed = new Promise<void>((resolve, reject) => {
    parseForm(request, response, (error: unknown) =>
      error === undefined ? resolve() : reject(toProblem(error, { field, maxFileBytes })),
    );
  });
  await Promise.race([parsed, failure.promise]);
  const [value] = received;
  if (value === undefined) throw new ApiProblem('no_file', noFile(request, field));
  return value;
}

function notMultipart(request: Request, field: string): string {
  const advice = `Send the file as multipart/form-data, in the field "${field}"`;
  const isData = Boolean(request.is('application/x-www-form-urlencoded'));
  return isData
    ? `${advice}. With curl, use -F ${field}=@staff.csv instead of -d or --data-binary.`
    : `${advice}, with curl -F ${field}=@staff.csv.`;
}

function noFile(request: Request, field: string): string {
  const fields: unknown = request.body;
  const isText = typeof fields === 'object' && fields !== null && Object.hasOwn(fields, field);
  return isText
    ? `The field "${field}" is text and no file. With curl, put an @ in front of the file's name: -F ${field}=@staff.csv.`
    : `Send the file in the multipart field "${field}", with curl -F ${field}=@staff.csv.`;
}

function formParser(storage: StorageEngine, maxFileBytes: number, onStalled: (detail: string) => void): multer.Multer {
  return multer({
    storage,
    streamHandler(body, busboy) {
      parseWhole(body, busboy);
      watchPace(body, (detail) => {
        body.unpipe(busboy);
        // As in `parseWhole`, it fails the file that has not ended.
        busboy.destroy();
        onStalled(detail);
      });
    },
    // Browsers send file names as UTF-8; multer's default reads them as Latin-1.
    defParamCharset: 'utf8',
    // busboy takes a name of nothing but dots for no file; what is shown of a path is decided in one place.
    preservePath: true,
    limits: {
      fileSize: maxFileBytes,
      files: 1,
      fields: 20,
      parts: 21,
      fieldNameSize: 100,
      fieldSize: 64 * KIB,
      fieldNestingDepth: 1,
      headerPairs: 50,
    },
  });
}

const NOTHING = Buffer.alloc(0);

/**
 * Pipes a body into busboy. busboy 1.6.0 never ends a file whose headers run straight into the last boundary: end()
 * then waits for that file for ever, and so does the request. destroy() fails each file that busboy has not ended, and
 * does not touch the others. So busboy is destroyed once it has parsed the whole body.
 */
function parseWhole(body: Readable, busboy: Writable): void {
  body.pipe(busboy, { end: false });
  body.once('end', () => {
    // Its turn comes when everything before it was parsed, which waits for who reads the files.
    if (busboy.writable) busboy.write(NOTHING, () => busboy.destroy());
  });
}

function toFormFile({ originalname, mimetype, stream }: Express.Multer.File): FormFile {
  const limit = new AbortController();
  stream.once('limit', () => limit.abort());
  return {
    name: originalname,
    contentType: mimetype,
    content: contentOf(stream, limit.signal),
    tooLarge: limit.signal,
  };
}

/** busboy ends a stream that reached the limit as if it were complete. */
async function* contentOf(stream: Readable, tooLarge: AbortSignal): AsyncGenerator<Uint8Array> {
  // Who stops reading must not destroy the stream: multer would hear of that before it hears why.
  yield* stream.iterator({ destroyOnReturn: false });
  tooLarge.throwIfAborted();
}

function toProblem(error: unknown, form: FileForm): unknown {
  if (error instanceof MulterError) return problemOfMulter(error, form);
  // busboy has no class or code for what it cannot parse.
  if (error instanceof Error && /^(Multipart: |Unexpected end of (form|file)|Malformed )/.test(error.message)) {
    return new ApiProblem('malformed_multipart', `${error.message}.`, { cause: error });
  }
  return error;
}

function problemOfMulter(error: MulterError, { field, maxFileBytes }: FileForm): ApiProblem {
  switch (error.code) {
    case 'LIMIT_FILE_SIZE':
      return fileTooLarge(maxFileBytes);
    case 'LIMIT_FILE_COUNT':
      return new ApiProblem('too_many_files', 'Send one file a request.');
    case 'LIMIT_UNEXPECTED_FILE':
      return new ApiProblem('unexpected_field', `The file is in the field "${error.field}"; it must be in "${field}".`);
    default:
      return new ApiProblem('malformed_multipart', `${error.message}.`, { cause: error });
  }
}

function fileTooLarge(maxFileBytes: number): ApiProblem {
  return new ApiProblem(
    'file_too_large',
    `The file has more than ${maxFileBytes} bytes, the most that this server takes.`,
  );
}
