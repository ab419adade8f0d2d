import { expect, test } from 'vitest';
import { decideAfter } from './next-attempt.ts';
import { readRetryAfter } from './retry-after.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGAN = new Date('2026-11-28T12:00:00Z');
const EXPIRES_AT = new Date(BEGAN.getTime() + DAY);
const FAILED = { error: 'bad_status', retryAfterSeconds: null } as const;
const after = (ms: number) => new Date(BEGAN.getTime() + ms);
const state = (failures: number, lastSuccessAt: Date | null = null) => ({
  failures,
  expiresAt: EXPIRES_AT,
  lastSuccessAt,
});

/** Follows a delivery that always fails, by a clock that stands still but for the waits. @returns attempts in seconds after the first. */
function attemptsUntilGivenUp(random: () => number): number[] {
  const attempts = [];
  for (let now = BEGAN; ; ) {
    attempts.push((now.getTime() - BEGAN.getTime()) / 1000);
    const decision = decideAfter(FAILED, state(attempts.length), now, random);
    if (decision.kind !== 'retry') return attempts;
    now = decision.at;
  }
}

test('attempts spread over a day, ever more rarely, and the last is at its end', () => {
  expect(attemptsUntilGivenUp(() => 0.5)).toEqual([
    0, 5, 65, 365, 2165, 9365, 23_765, 38_165, 52_565, 66_965, 81_365, 86_400,
  ]);
});

test('no two deliveries wait equally long', () => {
  const [early, late] = [attemptsUntilGivenUp(() => 0), attemptsUntilGivenUp(() => 1)];
  expect([early[1], late[1]]).toEqual([4, 6]);
  expect([early[2], late[2]]).toEqual([52, 78]);
  expect([early.at(-1), late.at(-1)]).toEqual([86_400, 86_400]);
});

test('an answer of 2xx ends it', () => {
  expect(decideAfter({ error: null, retryAfterSeconds: 60 }, state(0), BEGAN)).toEqual({ kind: 'delivered' });
});

test('410 disables the webhook at once', () => {
  expect(decideAfter({ ...FAILED, error: 'gone' }, state(1), BEGAN)).toEqual({ kind: 'failed', disable: 'gone' });
});

test.for<[what: string, lastSuccessAt: Date | null, disable: 'failing' | undefined]>([
  ['never took anything', null, 'failing'],
  ['took its last delivery before this one came', after(-1), 'failing'],
  ['took others meanwhile', after(1), undefined],
])('after a day, a webhook that %s: %s', ([, lastSuccessAt, disable]) => {
  const decision = decideAfter(FAILED, state(12, lastSuccessAt), EXPIRES_AT);
  expect(decision).toEqual({ kind: 'failed', disable });
});

test.for<[asked: number, waits: number]>([
  [1, 5],
  [120, 120],
  [3600, 3600],
  [7 * 86_400, 4 * 3600],
])('Retry-After: %i makes it wait %i s', ([retryAfterSeconds, waits]) => {
  const decision = decideAfter({ ...FAILED, retryAfterSeconds }, state(1), BEGAN, () => 0.5);
  expect(decision).toEqual({ kind: 'retry', at: after(waits * 1000) });
});

test('Retry-After does not put off the last attempt', () => {
  const now = after(DAY - HOUR);
  expect(decideAfter({ ...FAILED, retryAfterSeconds: 3 * 3600 }, state(11), now)).toEqual({
    kind: 'retry',
    at: EXPIRES_AT,
  });
});

test.for<[value: string | undefined, seconds: number | null]>([
  [undefined, null],
  ['', null],
  ['120', 120],
  ['0', 0],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['99999999999999', null],
  ['Sat, 28 Nov 2026 12:01:30 GMT', 90],
  ['Sat, 28 Nov 2026 11:00:00 GMT', 0],
  ['2026-11-28', null],
])('Retry-After %j is read as %j s', ([value, seconds]) => {
  expect(readRetryAfter(value, BEGAN)).toBe(seconds);
});
