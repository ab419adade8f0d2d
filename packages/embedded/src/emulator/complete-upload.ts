import { createHash } from 'node:crypto';
import { checksumHeader, compositeChecksum } from './checksum.ts';
import type { Fauxqs, MultipartUpload, S3Object } from './fauxqs.ts';
import type { ObjectRequest, ObjectServices } from './object-request.ts';
import type { OpenUpload, StoredPart } from './object-rows.ts';
import { answerXml, xmlElements } from './s3-xml.ts';

/** All parts but the last (S3 User Guide, "Amazon S3 multipart upload limits"). */
const MIN_PART_BYTES = 5 * 1024 * 1024;
/** 10,000 parts with a checksum each take about 2 MB. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

/** CompleteMultipartUpload: an object made of the parts' files as they are; no byte is copied. */
export async function completeUpload(context: ObjectRequest, services: ObjectServices): Promise<void> {
  const { bucket, key, query, request, response } = context;
  const { fauxqs, objects } = services;
  const named = namedParts(await readText(request, fauxqs));
  const open = objects.upload(query.get('uploadId') ?? '');
  if (open === undefined)
    throw new fauxqs.S3Error('NoSuchUpload', 'The specified multipart upload does not exist.', 404);

  const used = chooseParts(open, named, fauxqs);
  const object = assemble(open.upload, used);
  objects.completeUpload(open, object, used);
  await services.settled();

  const location = `http://${request.headers.host ?? 'localhost'}/${bucket}/${encodeURI(key)}`;
  const fields: [string, string][] = [
    ['Location', location],
    ['Bucket', bucket],
    ['Key', key],
    ['ETag', object.etag],
  ];
  if (object.checksumAlgorithm !== undefined && object.checksumValue !== undefined) {
    fields.push([`Checksum${object.checksumAlgorithm}`, object.checksumValue], ['ChecksumType', 'COMPOSITE']);
    response.setHeader(checksumHeader(object.checksumAlgorithm), object.checksumValue);
  }
  answerXml(response, 'CompleteMultipartUploadResult', xmlElements(fields));
}

type NamedPart = { readonly number: number; readonly etag: string };

function namedParts(xml: string): NamedPart[] {
  return [...xml.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: (/<ETag>([\s\S]*?)<\/ETag>/.exec(part)?.[1] ?? '').replace(/&quot;|&#34;|"/g, '').trim(),
  }));
}

function chooseParts(open: OpenUpload, named: readonly NamedPart[], fauxqs: Fauxqs): StoredPart[] {
  if (named.length === 0) throw new fauxqs.S3Error('MalformedXML', 'You must specify at least one part', 400);
  const used = named.map(({ number, etag }) => {
    const part = open.parts.get(number);
    if (part !== undefined && part.etag === `"${etag}"`) return part;
    throw new fauxqs.S3Error('InvalidPart', `Part ${number} could not be found, or its entity tag does not match`, 400);
  });
  if (used.some((part, index) => part.number <= (used[index - 1]?.number ?? 0))) {
    throw new fauxqs.S3Error('InvalidPartOrder', 'The list of parts was not in ascending order', 400);
  }
  if (used.slice(0, -1).some((part) => part.segment.length < MIN_PART_BYTES)) {
    throw new fauxqs.S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400);
  }
  return used;
}

function assemble(upload: MultipartUpload, used: readonly StoredPart[]): S3Object {
  const { uploadId: _, bucket: __, initiated: ___, parts: ____, checksumAlgorithm: _____, ...kept } = upload;
  let size = 0;
  const boundaries = used.map(({ number: partNumber, segment: { length } }) => {
    size += length;
    return { partNumber, offset: size - length, length };
  });
  return {
    ...kept,
    body: Buffer.alloc(0),
    contentLength: size,
    etag: multipartEtag(used),
    lastModified: new Date(),
    parts: boundaries,
    ...compositeOf(upload, used),
  };
}

/** The MD5 of the parts' MD5s, with their number: what S3 answers, though it promises no form. */
function multipartEtag(used: readonly StoredPart[]): string {
  const hash = createHash('md5');
  for (const { etag } of used) hash.update(Buffer.from(etag.replaceAll('"', ''), 'hex'));
  return `"${hash.digest('hex')}-${used.length}"`;
}

function compositeOf({ checksumAlgorithm }: MultipartUpload, used: readonly StoredPart[]): Partial<S3Object> {
  const partChecksums = used.flatMap(({ checksumValue }) => checksumValue ?? []);
  if (checksumAlgorithm === undefined || partChecksums.length !== used.length) return {};
  const checksumValue = compositeChecksum(checksumAlgorithm, partChecksums);
  return { checksumAlgorithm, checksumValue, checksumType: 'COMPOSITE', partChecksums };
}

async function readText(request: ObjectRequest['request'], fauxqs: Fauxqs): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) throw new fauxqs.S3Error('EntityTooLarge', 'The list of parts is too long', 400);
  }
  return Buffer.concat(chunks).toString('utf8');
}
