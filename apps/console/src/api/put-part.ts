import { brokenOff, ProblemError } from './problem.ts';
import type { PutPart } from './send-parts.ts';

/** PUTs a part to its presigned URL, without the key: S3 would not know what to do with it. */
export const putPart: PutPart = async (url, bytes, { signal, onSent }) => {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  const request = new XMLHttpRequest();
  request.open('PUT', url);
  request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
  request.addEventListener('load', () => {
    const { status } = request;
    if (status >= 200 && status < 300) resolve(request.getResponseHeader('ETag'));
    else reject(new ProblemError({ status, retryAfter: request.getResponseHeader('Retry-After') }));
  });
  request.addEventListener('error', async () => reject(await brokenOff(bytes)));
  request.addEventListener('abort', () => reject(signal.reason));
  const abort = () => request.abort();
  signal.addEventListener('abort', abort);
  request.send(bytes);
  return promise.finally(() => signal.removeEventListener('abort', abort));
};
