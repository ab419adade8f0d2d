import { escapeXml } from './complete-upload.ts';
import type { ObjectParts, ObjectRequest } from './object-routes.ts';
import type { StoredPart } from './object-store.ts';

/** Parts in one answer (ListParts in the S3 API reference). */
const MAX_PARTS = 1000;

/** ListParts: what of an open upload is there, in order of the parts' numbers, page by page. */
export async function listParts({ bucket, key, query, response }: ObjectRequest, parts: ObjectParts): Promise<void> {
  const { fauxqs, objects } = parts;
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
  const root = 'ListPartsResult';
  response.setHeader('content-type', 'application/xml');
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
      `${elements(fields)}${page.map((part) => `<Part>${elements(fieldsOf(part))}</Part>`).join('')}</${root}>`,
  );
}

function fieldsOf({ number, lastModified, etag, segment }: StoredPart): [string, string | number][] {
  return [
    ['PartNumber', number],
    ['LastModified', lastModified.toISOString()],
    ['ETag', etag],
    ['Size', segment.length],
  ];
}

function elements(fields: readonly (readonly [string, string | number | boolean])[]): string {
  return fields.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join('');
}
