import { checksumHeader } from './checksum.ts';
import { completeUpload } from './complete-upload.ts';
import { copyObject, copyPart } from './copy-object.ts';
import type { EmulatorApp, S3Error, S3Object } from './fauxqs.ts';
import { getObject } from './get-object.ts';
import { listParts } from './list-parts.ts';
import type { ObjectRequest, ObjectRoute, ObjectServices } from './object-request.ts';
import { receiveBody, systemMetadata, userMetadata } from './receive-body.ts';

/**
 * Takes the requests that carry an object's bytes away from fauxqs and answers them as streams: PutObject, UploadPart,
 * CopyObject, UploadPartCopy, CompleteMultipartUpload and GetObject. fauxqs would read bodies into memory (and refuse more
 * than 11 MiB), read the whole object for every range of it, concatenate all parts in memory, and copy without its
 * conditions. It does not have ListParts, which is answered here too. Everything else stays with fauxqs.
 */
export function addObjectRoutes(app: EmulatorApp, services: ObjectServices): void {
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
      await route(context, services);
    } catch (error) {
      answerError(context, error);
    }
  });
}

function chooseRoute(request: ObjectRequest['request'], query: URLSearchParams): ObjectRoute | undefined {
  switch (request.method) {
    case 'GET':
      if (query.has('uploadId')) return listParts;
      return query.has('attributes') ? undefined : getObject;
    case 'PUT':
      if (query.has('renameObject')) return undefined;
      if (request.headers['x-amz-copy-source'] !== undefined) return query.has('uploadId') ? copyPart : copyObject;
      return query.has('uploadId') ? putPart : putObject;
    case 'POST':
      return query.has('uploadId') ? completeUpload : undefined;
    default:
      return undefined;
  }
}

async function putObject({ bucket, key, request, response }: ObjectRequest, services: ObjectServices): Promise<void> {
  const { fauxqs, objects, files } = services;
  if (!fauxqs.stores.s3Store.hasBucket(bucket))
    throw new fauxqs.S3Error('NoSuchBucket', 'The specified bucket does not exist', 404);
  const { segment, checksum } = await receiveBody(request, files, fauxqs);
  // Nothing comes between this and the object: of several at the same time one is the first.
  if (request.headers['if-none-match'] === '*' && objects.has(bucket, key)) {
    files.remove([segment]);
    throw new fauxqs.S3Error(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
    );
  }
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
  await services.settled();
  response.setHeader('etag', object.etag);
  if (checksum) response.setHeader(checksumHeader(checksum.algorithm), checksum.value);
  response.end();
}

async function putPart({ query, request, response }: ObjectRequest, services: ObjectServices): Promise<void> {
  const { fauxqs, objects, files } = services;
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
  await services.settled();
  response.setHeader('etag', etag);
  if (checksum) response.setHeader(checksumHeader(checksum.algorithm), checksum.value);
  response.end();
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
