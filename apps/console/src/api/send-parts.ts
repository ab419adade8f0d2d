import { FileUnreadableError, ProblemError } from './problem.ts';
import type { Progress } from './send-file.ts';
import type { UploadPlan } from './types.ts';
import { type Patience, untilAnswered } from './until-answered.ts';

export type Part = UploadPlan['parts'][number];
export type SentPart = { partNumber: number; etag: string };

/** Sends one part. @returns its ETag; null where the browser was not shown it. */
export type PutPart = (
  url: string,
  bytes: Blob,
  options: { signal: AbortSignal; onSent: (bytes: number) => void },
) => Promise<string | null>;

/** Few enough for a slow line: each part that breaks off is sent again. */
const PARTS_AT_ONCE = 4;

/** S3 takes a part no more by its URL, or did not say what it took: the plan is to be asked for again. */
export class StalePlanError extends Error {
  override readonly name = 'StalePlanError';
}

type Options = Patience & { putPart: PutPart; onProgress: (progress: Progress) => void };

/**
 * Sends the parts of a file that S3 does not have, several at a time, each again until it is taken. Memory: none of the file;
 * the browser reads a part when it sends it.
 *
 * @returns all parts. @throws StalePlanError, FileUnreadableError, ProblemError
 */
export async function sendParts(file: Blob, parts: readonly Part[], options: Options): Promise<SentPart[]> {
  const placed = withPlaces(parts);
  const waiting = placed.filter(({ etag }) => etag === null);
  const sent = placed.flatMap(({ partNumber, etag }) => (etag === null ? [] : [{ partNumber, etag }]));
  const inFlight = new Map<number, number>();
  let doneBytes = placed.reduce((sum, { etag, sizeBytes }) => sum + (etag === null ? 0 : sizeBytes), 0);
  const report = () => {
    const under = [...inFlight.values()].reduce((sum, bytes) => sum + bytes, 0);
    options.onProgress({ sentBytes: doneBytes + under, totalBytes: file.size });
  };
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);

  const sendNext = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const { partNumber, sizeBytes, start, url } = part;
      const bytes = file.slice(start, start + sizeBytes);
      const onSent = (count: number) => {
        inFlight.set(partNumber, count);
        report();
      };
      const etag = await untilAnswered(() => putOnce(url, bytes, options.putPart, { signal, onSent }), {
        ...options,
        signal,
      });
      inFlight.delete(partNumber);
      doneBytes += sizeBytes;
      sent.push({ partNumber, etag });
      report();
    }
  };
  report();
  try {
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, sendNext));
  } catch (error) {
    // The others need not go on; the first error is the one that counts.
    end.abort(error);
    throw error;
  }
  return sent;
}

async function putOnce(url: string, bytes: Blob, putPart: PutPart, options: Parameters<PutPart>[2]): Promise<string> {
  options.onSent(0);
  const etag = await putPart(url, bytes, options).catch((error: unknown) => {
    if (error instanceof FileUnreadableError || !(error instanceof ProblemError)) throw error;
    // Of S3: a URL that has expired, or an upload that it does not know any more.
    if (error.status >= 400 && error.status < 500 && error.status !== 429) throw new StalePlanError();
    // Whatever else S3 has, it passes.
    throw error.status === 0 ? error : new ProblemError({ status: 503, code: error.code });
  });
  if (etag === null) throw new StalePlanError();
  return etag;
}

function withPlaces(parts: readonly Part[]): (Part & { start: number })[] {
  let start = 0;
  return parts.map((part) => {
    const placed = { ...part, start };
    start += part.sizeBytes;
    return placed;
  });
}
