import { expect } from 'vitest';

/** Compares bytes as bytes. vitest compares them element by element, which takes 8 seconds for a MiB. */
expect.addEqualityTesters([
  (one: unknown, other: unknown) =>
    one instanceof Uint8Array && other instanceof Uint8Array && one.constructor === other.constructor
      ? Buffer.compare(one, other) === 0
      : undefined,
]);
