import { hasCredentials, onCredentials, wantedCredentials } from './credentials.ts';
import { ProblemError } from './problem.ts';

/** Why work waits before it is tried again. */
export type Waiting = 'server' | 'busy' | 'earlier' | 'credentials';

const SECOND = 1000;
const LONGEST_WAIT_SECONDS = 8;

export type Patience = {
  signal: AbortSignal;
  /** Told what is waited for, and null when it goes on. */
  onWaiting: (waiting: Waiting | null) => void;
  /** How to wait; another one in tests. */
  pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Waits for the person to give credentials. @returns whether there are any. */
  credentials?: (signal: AbortSignal) => Promise<boolean>;
};

/**
 * Does work that may be repeated until it is answered: while the server is unavailable or busy, and after the person
 * gave other credentials.
 *
 * @throws what asking again does not change, and the signal's reason.
 */
export async function untilAnswered<T>(
  work: () => Promise<T>,
  { signal, onWaiting, pause = paused, credentials = givenCredentials }: Patience,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      const waiting = waitingFor(error);
      if (waiting === null) throw error;
      onWaiting(waiting);
      if (waiting !== 'credentials') await pause(SECOND * secondsAfter(attempt, error), signal);
      else if (!(await credentials(signal))) throw error;
      onWaiting(null);
    }
  }
}

function waitingFor(error: unknown): Waiting | null {
  if (!(error instanceof ProblemError)) return null;
  if (error.status === 401) return 'credentials';
  if (error.status === 0 || error.status === 502 || error.status === 504) return 'server';
  // The server may have died with the first attempt; its key is free after a minute.
  if (error.code === 'idempotency_key_in_use') return 'earlier';
  return error.status === 503 || error.status === 429 ? 'busy' : null;
}

function secondsAfter(attempt: number, error: unknown): number {
  const asked = error instanceof ProblemError ? error.retryAfterSeconds : null;
  return asked ?? Math.min(LONGEST_WAIT_SECONDS, 2 ** attempt);
}

/** Ends early when the browser is back on the network. */
function paused(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const end = () => resolve();
  window.addEventListener('online', end);
  signal.addEventListener('abort', end);
  return promise.finally(() => {
    clearTimeout(timer);
    window.removeEventListener('online', end);
    signal.removeEventListener('abort', end);
  });
}

async function givenCredentials(signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = onCredentials(() => wantedCredentials() === null && resolve());
  signal.addEventListener('abort', () => resolve());
  // Another request may have asked, and been given some, meanwhile.
  if (wantedCredentials() === null) resolve();
  await promise.finally(stop);
  return hasCredentials();
}
