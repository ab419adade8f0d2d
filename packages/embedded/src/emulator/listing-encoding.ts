import type { EmulatorApp } from './fauxqs.ts';

/** Names in a listing that are encoded on demand (ListObjectsV2 in the S3 API reference, `encoding-type`). */
const NAME = /<(Key|Prefix|Delimiter|StartAfter)>([^<]*)<\/\1>/g;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Encodes keys in a listing that is asked for with `encoding-type=url`, which fauxqs does not know: XML has no way to
 * write most control characters, and parsers read a carriage return as a newline.
 */
export function addListingEncoding(app: EmulatorApp): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const { searchParams } = new URL(request.raw.url ?? '/', 'http://s3');
    const isListing = searchParams.has('list-type') && searchParams.get('encoding-type') === 'url';
    if (!isListing || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const encoded = payload.replace(
      NAME,
      (_, element, text) => `<${element}>${encode(unescapeXml(text))}</${element}>`,
    );
    return encoded.replace('<KeyCount>', '<EncodingType>url</EncodingType><KeyCount>');
  });
}

function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => ENTITIES[name] ?? '');
}

/** As form data, where a space is a plus sign; slashes stay. */
function encode(name: string): string {
  return encodeURIComponent(name).replaceAll('%20', '+').replaceAll('%2F', '/');
}
