/**
 * The answer, or the reason of the signal when it does not come before: for what cannot be taken back, as a query, which
 * is left to end by itself.
 */
export function withTimeout<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([answer, late]);
}
