import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type ByteRange, parseRange } from './byte-range.ts';
import { checksumHeader } from './checksum.ts';
import type { S3Object } from './fauxqs.ts';
import type { ObjectRequest, ObjectServices } from './object-request.ts';

/** GetObject: an object or one range of it, as a stream of its files. */
export async function getObject(
  { bucket, key, query, request, response }: ObjectRequest,
  services: ObjectServices,
): Promise<void> {
  const { fauxqs, objects, files } = services;
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
