import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type ByteRange, parseRange } from './byte-range.ts';
import { checksumHeader } from './checksum.ts';
import { completeUpload } from './complete-upload.ts';
import type { EmulatorApp, Fauxqs, S3Error, S3Object } from './fauxqs.ts';
import { listParts } from './list-parts.ts';
import type { ObjectStore } from './object-store.ts';
import { receiveBody, systemMetadata, userMetadata } from './receive-body.ts';
import type { SegmentFiles } from './segment-files.ts';

/** What a route works on. */
export type ObjectRequest = {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
};

export type ObjectParts = {
  readonly fauxqs: Fauxqs;
  readonly objects: ObjectStore;
  readonly files: SegmentFiles;
  settled(): Promise<void>;
};

type Route = (context: ObjectRequest, parts: ObjectParts) => Promise<void>;

/**
 * Takes the requests that carry an object's bytes away from fauxqs and answers them as streams: PutObject, UploadPart,
 * CompleteMultipartUpload and GetObject. fauxqs would read bodies into memory (and refuse more than 11 MiB), read the
 * whole object for every range of it, and concatenate all parts in memory. It does not have ListParts, which is answered
 * here too. Everything else stays with fauxqs.
 */
export function addObjectRoutes(app: EmulatorApp, parts: ObjectParts): void {
  app.addHook('onRequest', async (request, reply) => {
    const { bucket, '*': key } = Object(request.params);
    if (typeof bucket !== 'string' || typeof key !== 'string' || key === '') return;
    const query = new URL(request.raw.url ?? '/', 'http://s3').searchParams;
    const route = chooseRoute(request.raw, query);
    if (route === undefined) return;
    // From here on the answer is ours alone.
    reply.hijack();
    const context = { bucket, key, query, request: request.raw, response: reply.raw };
    try {
      await route(context, parts);
    } catch (error) {
      answerError(context, error);
    }
  });
}

function chooseRoute(request: IncomingMessage, query: URLSearchParams): Route | undefined {
  switch (request.method) {
    case 'GET':
      if (query.has('uploadId')) return listParts;
      return query.has('attributes') ? undefined : getObject;
    case 'PUT':
      if (query.has('renameObject') || request.headers['x-amz-copy-source'] !== undefined) return undefined;
      return query.has('uploadId') ? putPart : putObject;
    case 'POST':
      return query.has('uploadId') ? completeUpload : undefined;
    default:
      return undefined;
  }
}

async function putObject({ bucket, key, request, response }: ObjectRequest, parts: ObjectParts): Promise<void> {
  const { fauxqs, objects, files } = parts;
  if (!fauxqs.stores.s3Store.hasBucket(bucket))
    throw new fauxqs.S3Error('NoSuchBucket', 'The specified bucket does not exist', 404);
  const { segment, checksum } = await receiveBody(request, files, fauxqs);
  const object: S3Object = {
    key,
    body: Buffer.alloc(0),
    contentType: request.headers['content-type'] ?? 'application/octet-stream',
    contentLength: segment.length,
    etag: `"${segment.md5}"`,
    lastModified: new Date(),
    metadata: userMetadata(request),
    ...systemMetadata(request),
    ...(checksum && {
      checksumAlgorithm: checksum.algorithm,
      checksumValue: checksum.value,
      checksumType: 'FULL_OBJECT',
    }),
  };
  objects.putObject(bucket, object, [{ file: segment.file, length: segment.length }]);
  await parts.settled();
  response.setHeader('etag', object.etag);
  if (checksum) response.setHeader(checksumHeader(checksum.algorithm), checksum.value);
  response.end();
}

async function putPart({ query, request, response }: ObjectRequest, parts: ObjectParts): Promise<void> {
  const { fauxqs, objects, files } = parts;
  const uploadId = query.get('uploadId') ?? '';
  const number = Number(query.get('partNumber'));
  // S3 numbers parts from 1 to 10,000 (UploadPart in the S3 API reference).
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new fauxqs.S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', 400);
  }
  const noSuchUpload = () => new fauxqs.S3Error('NoSuchUpload', 'The specified multipart upload does not exist.', 404);
  if (objects.upload(uploadId) === undefined) throw noSuchUpload();
  const { segment, checksum } = await receiveBody(request, files, fauxqs);
  if (objects.upload(uploadId) === undefined) {
    // Aborted or completed while the part was on its way.
    files.remove([segment]);
    throw noSuchUpload();
  }
  const etag = `"${segment.md5}"`;
  const { file, length } = segment;
  const part = { number, segment: { file, length }, etag, lastModified: new Date() };
  objects.putPart(uploadId, { ...part, ...(checksum && { checksumValue: checksum.value }) });
  await parts.settled();
  response.setHeader('etag', etag);
  if (checksum) response.setHeader(checksumHeader(checksum.algorithm), checksum.value);
  response.end();
}

async function getObject({ bucket, key, query, request, response }: ObjectRequest, parts: ObjectParts): Promise<void> {
  const { fauxqs, objects, files } = parts;
  const object = fauxqs.stores.s3Store.headObject(bucket, key);
  const condition = checkConditions(request, object);
  if (condition === 'failed')
    throw new fauxqs.S3Error(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
    );
  setObjectHeaders(response, object);
  if (condition === 'not modified') {
    response.writeHead(304).end();
    return;
  }

  const range = partRange(object, query.get('partNumber')) ?? parseRange(request.headers.range, object.contentLength);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${object.contentLength}`);
    throw new fauxqs.S3Error('InvalidRange', 'The requested range is not satisfiable', 416);
  }
  const { start, end } = range === 'whole' ? { start: 0, end: object.contentLength - 1 } : range;
  response.setHeader('content-length', end - start + 1);
  if (range === 'whole') setChecksumHeaders(request, response, object);
  else response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${object.contentLength}` });
  await pipeline(files.read(objects.segmentsOf(bucket, key), { start, end }), response);
}

/** RFC 9110, section 13.2.2: If-Match stands above If-Unmodified-Since, If-None-Match above If-Modified-Since. */
function checkConditions({ headers }: IncomingMessage, object: S3Object): 'met' | 'failed' | 'not modified' {
  const modified = Math.floor(object.lastModified.getTime() / 1000) * 1000;
  const names = (header: string) =>
    header === '*' || header.split(',').some((tag) => unquote(tag) === unquote(object.etag));
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch !== undefined ? !names(ifMatch) : modified > Date.parse(headers['if-unmodified-since'] ?? ''))
    return 'failed';
  if (ifNoneMatch !== undefined ? names(ifNoneMatch) : modified <= Date.parse(headers['if-modified-since'] ?? ''))
    return 'not modified';
  return 'met';
}

function unquote(tag: string): string {
  return tag.trim().replace(/^"|"$/g, '');
}

function partRange(object: S3Object, partNumber: string | null): ByteRange | undefined {
  const part =
    partNumber === null ? undefined : object.parts?.find((candidate) => candidate.partNumber === Number(partNumber));
  return part && { start: part.offset, end: part.offset + part.length - 1 };
}

function setObjectHeaders(response: ServerResponse, object: S3Object): void {
  const headers = {
    'accept-ranges': 'bytes',
    'content-type': object.contentType,
    etag: object.etag,
    'last-modified': object.lastModified.toUTCString(),
    'content-language': object.contentLanguage,
    'content-disposition': object.contentDisposition,
    'cache-control': object.cacheControl,
    'content-encoding': object.contentEncoding,
    'x-amz-mp-parts-count': object.parts && String(object.parts.length),
  };
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  for (const [name, value] of Object.entries(object.metadata)) response.setHeader(`x-amz-meta-${name}`, value);
}

function setChecksumHeaders(request: IncomingMessage, response: ServerResponse, object: S3Object): void {
  const { checksumAlgorithm, checksumValue, checksumType } = object;
  if (String(request.headers['x-amz-checksum-mode']).toUpperCase() !== 'ENABLED') return;
  if (checksumAlgorithm === undefined || checksumValue === undefined) return;
  response.setHeader(checksumHeader(checksumAlgorithm), checksumValue);
  if (checksumType !== undefined) response.setHeader('x-amz-checksum-type', checksumType);
}

function answerError({ request, response }: ObjectRequest, error: unknown): void {
  if (response.headersSent || response.destroyed || request.socket.destroyed) {
    // The client went away, or has part of the answer: only a broken connection tells it that the rest is missing.
    response.destroy();
    return;
  }
  const known = isS3Error(error) ? error : undefined;
  response.writeHead(known?.statusCode ?? 500, { 'content-type': 'application/xml' });
  response.end(
    known?.toXml() ?? '<Error><Code>InternalError</Code><Message>The emulator failed; see its log</Message></Error>',
  );
  if (known === undefined) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
}

function isS3Error(error: unknown): error is S3Error {
  return error instanceof Error && 'toXml' in error;
}
