import { request } from 'node:http';
import { json } from 'node:stream/consumers';

/** A GET with headers that `fetch` does not let a caller set, such as Host. */
export async function rawGet(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: string | undefined }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; code: string | undefined }>();
  request(url, { headers, agent: false }, async (response) => {
    const { code } = (await json(response)) as { code?: string };
    resolve({ status: response.statusCode ?? 0, code });
  })
    .on('error', reject)
    .end();
  return promise;
}
