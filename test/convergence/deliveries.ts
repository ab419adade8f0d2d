import { randomUUID } from 'node:crypto';
import type { SourceObject } from '@rowferry/messages';
import fc from 'fast-check';
import { type File, messagesOf } from './files.ts';

/** One copy of a message; SQS may make more of one. */
export type Copy = { id: string; body: string; attempts: number };

/** Something that happens to messages, or to an upload. */
export type Step =
  /** A batch is handled; `before`: its connection breaks meanwhile; `after`: its answer is lost, so that it comes again. */
  | { kind: 'handle'; copies: Copy[]; crash: 'none' | 'before' | 'after' }
  /** A copy comes to the dead-letter queue. */
  | { kind: 'dead-letter'; copy: Copy }
  /** Reading an upload failed in all attempts, though it is read all the same: an attempt that broke off had sent everything. */
  | { kind: 'expire'; upload: SourceObject }
  /** Uploads that are complete are marked as such. */
  | { kind: 'mark' };

/** Files, how their messages come, and by how many workers at once they are taken. */
export type Plan = { files: File[]; steps: Step[]; workers: number };

/** Some copy of every message comes; some more often than once; some die; in any order and in batches of any size. */
export function plansOf(files: File[]): fc.Arbitrary<Plan> {
  return fc.constantFrom(1, 2, 3).chain((rowsPerMessage) => {
    const bodies = files.flatMap((file) => messagesOf(file, rowsPerMessage));
    return fc.record({
      files: fc.constant(files),
      steps: fc.array(fc.constantFrom(...bodies), { maxLength: 12 }).chain((again) =>
        stepsOf(
          [...bodies, ...again],
          files.map(({ upload }) => upload),
        ),
      ),
      workers: fc.integer({ min: 1, max: 5 }),
    });
  });
}

function stepsOf(bodies: readonly string[], uploads: readonly SourceObject[]): fc.Arbitrary<Step[]> {
  const copies = fc.tuple(...bodies.map((body) => fc.record({ body: fc.constant(body), dies: oneIn(8) })));
  return fc
    .record({
      copies: copies.chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
      batches: fc.array(fc.record({ size: fc.integer({ min: 1, max: 10 }), crash }), { minLength: 1, maxLength: 6 }),
      expired: fc.subarray([...uploads], { maxLength: 1 }),
      marks: fc.nat({ max: 4 }),
    })
    .chain(({ copies, batches, expired, marks }) => {
      const steps = [
        ...Array.from({ length: marks }, (): Step => ({ kind: 'mark' })),
        ...expired.map((upload): Step => ({ kind: 'expire', upload })),
        ...copies.filter(({ dies }) => dies).map(({ body }): Step => ({ kind: 'dead-letter', copy: copyOf(body, 6) })),
        ...cut(
          copies.filter(({ dies }) => !dies).map(({ body }) => copyOf(body, 1)),
          batches,
        ),
      ];
      return fc.shuffledSubarray(steps, { minLength: steps.length });
    });
}

const crash = fc.oneof(
  { weight: 4, arbitrary: fc.constant('none' as const) },
  { weight: 1, arbitrary: fc.constantFrom('before' as const, 'after' as const) },
);

function oneIn(n: number): fc.Arbitrary<boolean> {
  return fc.integer({ min: 1, max: n }).map((value) => value === n);
}

function cut(
  copies: readonly Copy[],
  batches: readonly { size: number; crash: 'none' | 'before' | 'after' }[],
): Step[] {
  const steps: Step[] = [];
  for (let start = 0; start < copies.length; ) {
    const { size, crash } = batches[steps.length % batches.length] ?? { size: 10, crash: 'none' };
    steps.push({ kind: 'handle', copies: copies.slice(start, start + size), crash });
    start += size;
  }
  return steps;
}

export function copyOf(body: string, attempts: number): Copy {
  return { id: randomUUID(), body, attempts };
}
