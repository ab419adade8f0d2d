import type { Readable, Writable } from 'node:stream';
import type { Request, Response } from 'express';
import multer, { type StorageEngine } from 'multer';
import { ApiProblem } from '../problems/api-problem.ts';
import { fileTooLarge, noFile, notMultipart, toProblem } from './form-problems.ts';
import { watchPace } from './pace.ts';
import { announcedBytes } from './request-body.ts';
import { refuseLateFields, TEXT_FIELDS, type TextFields, textFieldsOf } from './text-fields.ts';

declare module 'multer' {
  interface Options {
    /** Documented by multer, and missing in its types. */
    streamHandler?: (request: Readable, busboy: Writable) => void;
  }
}

const KIB = 1024;
/** More than the rest of a form can have: fields of text, and the headers of all parts. */
const FORM_MAX_BYTES = 2 * KIB * KIB;

/** The form that a route takes: one file, in the field of this name, and before it these fields of text, if any. */
export type FileForm = { field: string; maxFileBytes: number; textFields: ReadonlySet<string> };

/** The file of a form as it arrives. */
export type FormFile = {
  /** As the client sent it. */
  name: string;
  contentType: string;
  /** Throws when the body is cut off or the file has too many bytes. Reading may end early. */
  content: AsyncIterable<Uint8Array>;
  /** Aborted as soon as the file has too many bytes. `content` throws only when the rest of the file has come. */
  tooLarge: AbortSignal;
  /** The fields of text that came before it; of several with one name, all. */
  fields: TextFields;
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
  form: FileForm,
  { receive, discard }: FormFileReceiver<Received>,
): Promise<Received> {
  const { field, maxFileBytes, textFields } = form;
  if (!request.is('multipart/form-data')) throw new ApiProblem('not_multipart', notMultipart(request, field));
  if ((announcedBytes(request) ?? 0) > maxFileBytes + FORM_MAX_BYTES) throw fileTooLarge(maxFileBytes);
  const received: Received[] = [];
  const receiving: Promise<unknown>[] = [];
  let before: TextFields | undefined;
  let refusal: ApiProblem | undefined;
  const failure = Promise.withResolvers<never>();
  const storage: StorageEngine = {
    _handleFile(_request, file, done) {
      before = textFieldsOf(request);
      const reception = receive(toFormFile(file, before)).then(
        (value) => {
          received.push(value);
          done();
        },
        (error: unknown) => {
          // multer hands on an error when the rest of the body has come, which here would have to be sent again.
          if (error instanceof ApiProblem && error.code === 'busy') failure.reject(error);
          else if (error instanceof ApiProblem) {
            // What comes after the file may be what it was refused for not having.
            refusal = error;
            file.stream.resume();
            return done();
          }
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
      error === undefined ? resolve() : reject(worse(toProblem(error, form), refusal)),
    );
  });
  await Promise.race([parsed, failure.promise]);
  try {
    if (before !== undefined) refuseLateFields(textFields, field, before, textFieldsOf(request));
    if (refusal !== undefined) throw refusal;
  } catch (error) {
    await Promise.all(received.splice(0).map(discard));
    throw error;
  }
  const [value] = received;
  if (value === undefined) throw new ApiProblem('no_file', noFile(request, field));
  return value;
}

/** Of a form that cannot be read, nobody can tell whether the file had come as a whole when it was refused. */
function worse(error: unknown, refusal: ApiProblem | undefined): unknown {
  const isMalformed = error instanceof ApiProblem && error.code === 'malformed_multipart';
  return isMalformed ? error : (refusal ?? error);
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
      fields: TEXT_FIELDS.count,
      parts: TEXT_FIELDS.count + 1,
      fieldNameSize: 100,
      fieldSize: TEXT_FIELDS.bytes,
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

function toFormFile({ originalname, mimetype, stream }: Express.Multer.File, fields: TextFields): FormFile {
  const limit = new AbortController();
  stream.once('limit', () => limit.abort());
  return {
    name: originalname,
    contentType: mimetype,
    content: contentOf(stream, limit.signal),
    tooLarge: limit.signal,
    fields,
  };
}

/** busboy ends a stream that reached the limit as if it were complete. */
async function* contentOf(stream: Readable, tooLarge: AbortSignal): AsyncGenerator<Uint8Array> {
  // Who stops reading must not destroy the stream: multer would hear of that before it hears why.
  yield* stream.iterator({ destroyOnReturn: false });
  tooLarge.throwIfAborted();
}
