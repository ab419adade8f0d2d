import type { ObjectRequest, ObjectServices } from './object-request.ts';
import type { StoredPart } from './object-rows.ts';
import { answerXml, xmlElements } from './s3-xml.ts';

/** Parts in one answer (ListParts in the S3 API reference). */
const MAX_PARTS = 1000;

/** ListParts: what of an open upload is there, in order of the parts' numbers, page by page. */
export async function listParts(
  { bucket, key, query, response }: ObjectRequest,
  services: ObjectServices,
): Promise<void> {
  const { fauxqs, objects } = services;
  const uploadId = query.get('uploadId') ?? '';
  const open = objects.upload(uploadId);
  if (open === undefined)
    throw new fauxqs.S3Error('NoSuchUpload', 'The specified multipart upload does not exist.', 404);

  const after = Number(query.get('part-number-marker') ?? 0);
  const limit = Math.min(MAX_PARTS, Number(query.get('max-parts') ?? MAX_PARTS));
  const rest = [...open.parts.values()].filter(({ number }) => number > after).toSorted((a, b) => a.number - b.number);
  const page = rest.slice(0, limit);
  const fields: [string, string | number | boolean][] = [
    ['Bucket', bucket],
    ['Key', key],
    ['UploadId', uploadId],
    ['PartNumberMarker', after],
    ['NextPartNumberMarker', page.at(-1)?.number ?? after],
    ['MaxParts', limit],
    ['IsTruncated', rest.length > page.length],
  ];
  const partElements = page.map((part) => `<Part>${xmlElements(fieldsOf(part))}</Part>`);
  answerXml(response, 'ListPartsResult', xmlElements(fields) + partElements.join(''));
}

function fieldsOf({ number, lastModified, etag, segment }: StoredPart): [string, string | number][] {
  return [
    ['PartNumber', number],
    ['LastModified', lastModified.toISOString()],
    ['ETag', etag],
    ['Size', segment.length],
  ];
}
