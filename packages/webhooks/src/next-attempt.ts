import { withJitter } from '@rowferry/runtime';
import type { AttemptAnswer } from './attempt.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** For how long a delivery is attempted, from when its event came or was replayed. */
export const RETRY_WINDOW_MS = 24 * HOUR;

/** Waits after the first, second, … failed attempt; the last one goes on. Twelve attempts in a day. */
const WAITS_MS = [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 4 * HOUR];

/** A wait is this share of it shorter or longer, so that what failed together does not come back together. */
const JITTER = 0.2;

/** Longest that a receiver can put an attempt off: it would otherwise miss its event. */
const RETRY_AFTER_MAX_MS = 4 * HOUR;

/** What becomes of a delivery after an attempt. */
export type Decision =
  | { kind: 'delivered' }
  | { kind: 'retry'; at: Date }
  /** `disable`: and of its webhook. */
  | { kind: 'failed'; disable: 'gone' | 'failing' | undefined };

export type DeliveryState = {
  /** Failed attempts since the window began, this one included. */
  failures: number;
  expiresAt: Date;
  /** When the webhook last took anything. */
  lastSuccessAt: Date | null;
};

/**
 * Decides about a delivery. Its last attempt is at the end of the window, however the waits before it came out. When that fails
 * and the webhook took nothing else in all that time, it is disabled.
 */
export function decideAfter(
  { error, retryAfterSeconds }: Pick<AttemptAnswer, 'error' | 'retryAfterSeconds'>,
  { failures, expiresAt, lastSuccessAt }: DeliveryState,
  now: Date,
  random: () => number = Math.random,
): Decision {
  if (error === null) return { kind: 'delivered' };
  if (error === 'gone') return { kind: 'failed', disable: 'gone' };
  if (now >= expiresAt) {
    const windowBegan = expiresAt.getTime() - RETRY_WINDOW_MS;
    const tookNothing = lastSuccessAt === null || lastSuccessAt.getTime() < windowBegan;
    return { kind: 'failed', disable: tookNothing ? 'failing' : undefined };
  }
  const wait = Math.max(waitMs(failures, random), askedMs(retryAfterSeconds));
  return { kind: 'retry', at: new Date(Math.min(now.getTime() + wait, expiresAt.getTime())) };
}

function waitMs(failures: number, random: () => number): number {
  const wait = WAITS_MS[Math.min(failures, WAITS_MS.length) - 1] ?? 0;
  return wait * (1 - JITTER) + withJitter(2 * JITTER * wait, random);
}

function askedMs(retryAfterSeconds: number | null): number {
  return Math.min((retryAfterSeconds ?? 0) * SECOND, RETRY_AFTER_MAX_MS);
}
