import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { FILE_FIELD } from '../src/uploads/csv-form.ts';

const BOUNDARY = 'rowferry-test-boundary';

/** The bytes of a multipart part with a file, without what ends it. */
export function openFilePart(content: string | Buffer, field: string = FILE_FIELD): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="staff.csv"\r\nContent-Type: text/csv\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(content)]);
}

/** What ends a multipart body. */
export const END_OF_BODY = `\r\n--${BOUNDARY}--\r\n`;

/** An upload request of which the test writes the body itself, byte by byte if it wants. */
export function startUpload(port: number, headers: Record<string, string> = {}, query = ''): ClientRequest {
  const started = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: `/v1/employee-data-upload${query}`,
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
  });
  // A test that breaks off its own request sees that as an error here.
  started.on('error', () => {});
  return started;
}

/** The answer to a request, with its body as JSON. */
export async function answerOf(started: ClientRequest): Promise<{ status: number; body: unknown }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    started.once('response', resolve).once('error', reject);
  });
  return { status: response.statusCode ?? 0, body: JSON.parse(await text(response)) };
}
