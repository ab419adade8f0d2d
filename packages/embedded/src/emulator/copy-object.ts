import type { ByteRange } from './byte-range.ts';
import type { S3Object } from './fauxqs.ts';
import type { ObjectRequest, ObjectServices } from './object-request.ts';
import { systemMetadata, userMetadata } from './receive-body.ts';
import { answerXml, xmlElements } from './s3-xml.ts';
import type { WrittenSegment } from './segment-files.ts';

type Source = { bucket: string; key: string; object: S3Object };

/** CopyObject: the bytes go from file to file, and no more of them than a chunk is in memory. */
export async function copyObject(context: ObjectRequest, services: ObjectServices): Promise<void> {
  const { bucket, key, response } = context;
  const { fauxqs, objects } = services;
  if (!fauxqs.stores.s3Store.hasBucket(bucket))
    throw new fauxqs.S3Error('NoSuchBucket', 'The specified bucket does not exist', 404);
  const source = findSource(context, services);
  const segment = await copyBytes(source, services, { start: 0, end: source.object.contentLength - 1 });
  const { contentLength, body, checksumAlgorithm, checksumValue, checksumType } = source.object;
  const object: S3Object = {
    ...described(context, source.object),
    key,
    body,
    contentLength,
    etag: `"${segment.md5}"`,
    lastModified: new Date(),
    ...(checksumType === 'FULL_OBJECT' && { checksumAlgorithm, checksumValue, checksumType }),
  };
  objects.putObject(bucket, object, [segment]);
  await services.settled();
  answerCopy(response, 'CopyObjectResult', object.etag, object.lastModified);
}

/** UploadPartCopy: the same for a part, which may be a range of the source. */
export async function copyPart(context: ObjectRequest, services: ObjectServices): Promise<void> {
  const { query, request, response } = context;
  const { fauxqs, objects } = services;
  const uploadId = query.get('uploadId') ?? '';
  if (objects.upload(uploadId) === undefined)
    throw new fauxqs.S3Error('NoSuchUpload', 'The specified multipart upload does not exist.', 404);
  const source = findSource(context, services);
  const segment = await copyBytes(source, services, rangeOf(request, source.object, fauxqs));
  const part = { number: Number(query.get('partNumber')), segment, etag: `"${segment.md5}"`, lastModified: new Date() };
  objects.putPart(uploadId, part);
  await services.settled();
  answerCopy(response, 'CopyPartResult', part.etag, part.lastModified);
}

function findSource({ request }: ObjectRequest, { fauxqs }: ObjectServices): Source {
  const text = decodeURIComponent(String(request.headers['x-amz-copy-source'])).replace(/^\//, '');
  const slash = text.indexOf('/');
  if (slash < 1) throw new fauxqs.S3Error('InvalidArgument', 'Invalid copy source bucket name', 400);
  const [bucket, key] = [text.slice(0, slash), text.slice(slash + 1)];
  const object = fauxqs.stores.s3Store.headObject(bucket, key);
  const wanted = request.headers['x-amz-copy-source-if-match'];
  if (wanted !== undefined && unquoted(String(wanted)) !== unquoted(object.etag))
    throw new fauxqs.S3Error(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
    );
  return { bucket, key, object };
}

function copyBytes(
  { bucket, key }: Source,
  { objects, files }: ObjectServices,
  range: ByteRange,
): Promise<WrittenSegment> {
  return files.write(files.read(objects.segmentsOf(bucket, key), range), () => {});
}

/** What the copy says of itself: with REPLACE the request's word, else the source's. */
function described({ request }: ObjectRequest, source: S3Object) {
  if (request.headers['x-amz-metadata-directive'] === 'REPLACE')
    return {
      contentType: request.headers['content-type'] ?? 'application/octet-stream',
      metadata: userMetadata(request),
      ...systemMetadata(request),
    };
  const { contentType, metadata, contentLanguage, contentDisposition, cacheControl, contentEncoding } = source;
  return {
    contentType,
    metadata,
    ...(contentLanguage && { contentLanguage }),
    ...(contentDisposition && { contentDisposition }),
    ...(cacheControl && { cacheControl }),
    ...(contentEncoding && { contentEncoding }),
  };
}

function rangeOf(
  { headers }: ObjectRequest['request'],
  { contentLength }: S3Object,
  fauxqs: ObjectServices['fauxqs'],
): ByteRange {
  const header = headers['x-amz-copy-source-range'];
  if (header === undefined) return { start: 0, end: contentLength - 1 };
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(String(header)) ?? [];
  const range = { start: Number(start), end: Number(end) };
  if (start === undefined || range.start > range.end || range.end >= contentLength)
    throw new fauxqs.S3Error(
      'InvalidArgument',
      `Range specified is not valid for source object of size: ${contentLength}`,
      400,
    );
  return range;
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}

function answerCopy(response: ObjectRequest['response'], root: string, etag: string, lastModified: Date): void {
  const fields = [
    ['ETag', etag],
    ['LastModified', lastModified.toISOString()],
  ] as const;
  answerXml(response, root, xmlElements(fields));
}
