import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { AwsChunkedDecoder } from './aws-chunked.ts';
import { type Checksum, type Digest, findChecksum, startDigest } from './checksum.ts';
import type { ChecksumAlgorithm, Fauxqs } from './fauxqs.ts';
import type { SegmentFiles, WrittenSegment } from './segment-files.ts';

/**
 * Writes the body of a PUT to a file and checks it against what the client said of it: its checksum (a header, or a
 * trailer of an `aws-chunked` body), its MD5. A body that is cut short or differs leaves nothing.
 */
export async function receiveBody(
  request: IncomingMessage,
  files: SegmentFiles,
  fauxqs: Fauxqs,
): Promise<{ segment: WrittenSegment; checksum: Checksum | undefined }> {
  const header = (name: string) => single(request.headers[name]);
  const decoder = isAwsChunked(request) ? new AwsChunkedDecoder() : undefined;
  const digest = announcedDigest(request);
  const source: AsyncIterable<Buffer> = decoder ?? request;
  // Its errors come out of the reading of `source`.
  if (decoder !== undefined) pipeline(request, decoder, () => {});
  const segment = await files
    .write(source, (chunk) => digest?.update(chunk))
    .catch((error: unknown) => {
      throw request.complete
        ? new fauxqs.S3Error('IncompleteBody', `The body is not well formed: ${String(error)}`, 400)
        : error;
    });

  const checksum = findChecksum((name) => decoder?.trailers.get(name) ?? header(name));
  const contentMd5 = header('content-md5');
  const sound =
    (checksum === undefined || digest === undefined || digest.base64() === checksum.value) &&
    (contentMd5 === undefined || Buffer.from(contentMd5, 'base64').toString('hex') === segment.md5);
  if (sound) return { segment, checksum };
  files.remove([segment]);
  throw new fauxqs.S3Error(
    'BadDigest',
    'The checksum or Content-MD5 you specified did not match what was received',
    400,
  );
}

/** The `x-amz-meta-…` headers, by the name that follows. */
export function userMetadata(request: IncomingMessage): Record<string, string> {
  const prefix = 'x-amz-meta-';
  const entries = Object.entries(request.headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), single(value) ?? '']));
}

type SystemMetadata = {
  contentLanguage?: string;
  contentDisposition?: string;
  cacheControl?: string;
  contentEncoding?: string;
};

export function systemMetadata({ headers }: IncomingMessage): SystemMetadata {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  const contentEncoding = encodings.filter((name) => name !== '' && name !== 'aws-chunked').join(',');
  return {
    ...(headers['content-language'] && { contentLanguage: headers['content-language'] }),
    ...(headers['content-disposition'] && { contentDisposition: headers['content-disposition'] }),
    ...(headers['cache-control'] && { cacheControl: headers['cache-control'] }),
    ...(contentEncoding && { contentEncoding }),
  };
}

function isAwsChunked({ headers }: IncomingMessage): boolean {
  const hash = single(headers['x-amz-content-sha256']) ?? '';
  return (headers['content-encoding'] ?? '').includes('aws-chunked') || hash.startsWith('STREAMING-');
}

/** The digest to compute on the way, which has to be known before the body: a trailer is announced in `x-amz-trailer`. */
function announcedDigest(request: IncomingMessage): Digest | undefined {
  const trailers = single(request.headers['x-amz-trailer'])?.toLowerCase() ?? '';
  const announced = findChecksum((name) => (trailers.includes(name) ? '' : single(request.headers[name])));
  const algorithm: ChecksumAlgorithm | undefined = announced?.algorithm;
  return algorithm && startDigest(algorithm);
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
