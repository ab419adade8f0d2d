import { setTimeout as later } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FileUnreadableError, ProblemError, unanswered } from './problem.ts';
import { type Part, type PutPart, StalePlanError, sendParts } from './send-parts.ts';

const CONTENT = 'abcdefghijklmnopqrstuvwxyz';
const FILE = new Blob([CONTENT]);

/** Parts of four bytes, the last of two; those that `stored` names are in S3. */
function planOf(...stored: number[]): Part[] {
  return Array.from({ length: 7 }, (_, index) => ({
    partNumber: index + 1,
    sizeBytes: index === 6 ? 2 : 4,
    url: `part ${index + 1}`,
    etag: stored.includes(index + 1) ? `stored ${index + 1}` : null,
  }));
}

/** An S3 that fails with these errors first, by the part's URL, and keeps what it takes. */
function fakeS3(failures: Record<string, Error[]> = {}) {
  const taken = new Map<string, string>();
  let [under, mostUnder] = [0, 0];
  const putPart: PutPart = async (url, bytes, { signal, onSent }) => {
    mostUnder = Math.max(mostUnder, ++under);
    await later(1);
    under--;
    signal.throwIfAborted();
    const failure = failures[url]?.shift();
    if (failure !== undefined) throw failure;
    onSent(bytes.size);
    taken.set(url, await bytes.text());
    return `etag of ${url}`;
  };
  return { taken, putPart, mostUnder: () => mostUnder };
}

const PATIENCE = { signal: new AbortController().signal, onWaiting: () => {}, pause: async () => {} };

test('every part is sent once, four at a time, and what S3 has is not', async () => {
  const { taken, putPart, mostUnder } = fakeS3();
  const progress: number[] = [];

  const parts = await sendParts(FILE, planOf(2, 5), {
    ...PATIENCE,
    putPart,
    onProgress: ({ sentBytes }) => progress.push(sentBytes),
  });

  expect(Object.fromEntries(taken)).toEqual({
    'part 1': 'abcd',
    'part 3': 'ijkl',
    'part 4': 'mnop',
    'part 6': 'uvwx',
    'part 7': 'yz',
  });
  expect(parts.toSorted((a, b) => a.partNumber - b.partNumber)).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((partNumber) => ({
      partNumber,
      etag: partNumber === 2 || partNumber === 5 ? `stored ${partNumber}` : `etag of part ${partNumber}`,
    })),
  );
  expect(mostUnder()).toBe(4);
  expect(progress[0]).toBe(8);
  expect(progress.at(-1)).toBe(26);
  expect(Math.max(...progress)).toBe(26);
});

test('a part whose connection is lost, or that S3 has no time for, is sent again alone', async () => {
  const failures = { 'part 2': [unanswered(), unanswered()], 'part 7': [new ProblemError({ status: 500 })] };
  const { taken, putPart } = fakeS3(failures);

  const parts = await sendParts(FILE, planOf(), { ...PATIENCE, putPart, onProgress: () => {} });

  expect(parts).toHaveLength(7);
  expect([...taken.values()].toSorted().join('')).toBe(CONTENT);
});

test.for<[what: string, failure: Error, thrown: new (...args: never[]) => Error]>([
  ['a URL that has expired', new ProblemError({ status: 403 }), StalePlanError],
  ['an upload that is gone', new ProblemError({ status: 404 }), StalePlanError],
  ['a file that has changed on disk', new FileUnreadableError(), FileUnreadableError],
])('%s ends the sending, and the other parts stop', async ([, failure, thrown]) => {
  const { taken, putPart } = fakeS3({ 'part 1': [failure] });

  await expect(sendParts(FILE, planOf(), { ...PATIENCE, putPart, onProgress: () => {} })).rejects.toThrow(thrown);

  await later(20);
  expect(taken.size).toBeLessThan(6);
});

test('an ETag that the page is not shown makes the plan stale: the API knows it', async () => {
  const options = { ...PATIENCE, putPart: async () => null, onProgress: () => {} };
  await expect(sendParts(FILE, planOf(), options)).rejects.toThrow(StalePlanError);
});
