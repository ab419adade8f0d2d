export type Backoff = {
  /** Wait after the first failure, in milliseconds; it doubles with each. */
  baseMs: number;
  /** Longest wait, in milliseconds. */
  capMs: number;
};

/**
 * Milliseconds to wait before the next attempt: exponential.
 *
 * @param failures how many attempts have failed, from 1.
 */
export function backoffMs(failures: number, { baseMs, capMs }: Backoff): number {
  return Math.min(capMs, baseMs * 2 ** (failures - 1));
}

/**
 * Any time up to `ms` ("full jitter"), so that what failed together does not come back together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function withJitter(ms: number, random: () => number = Math.random): number {
  return random() * ms;
}
