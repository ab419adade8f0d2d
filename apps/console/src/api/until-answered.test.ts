import { expect, test } from 'vitest';
import { ProblemError, unanswered } from './problem.ts';
import { untilAnswered, type Waiting } from './until-answered.ts';

/** Work that fails with these errors, one after the other, and then succeeds; and how it was waited for. */
function setup({ hasCredentials = true } = {}, ...errors: Error[]) {
  const waited: (Waiting | number | null)[] = [];
  const end = new AbortController();
  const done = untilAnswered(
    async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return 'done';
    },
    {
      signal: end.signal,
      onWaiting: (waiting) => waited.push(waiting),
      pause: async (milliseconds) => void waited.push(milliseconds),
      credentials: async () => hasCredentials,
    },
  );
  return { done, waited, end };
}

const busy = (retryAfter: string | null) => new ProblemError({ status: 503, code: 'busy', retryAfter });

test('a server that is unavailable is asked again, later each time, and one that is busy when it says', async () => {
  const away = Array.from({ length: 5 }, () => unanswered());
  const { done, waited } = setup({}, ...away, busy('7'), busy(null));

  expect(await done).toBe('done');
  expect(waited.filter((each) => typeof each === 'number')).toEqual([1000, 2000, 4000, 8000, 8000, 7000, 8000]);
  expect(waited.filter((each) => typeof each === 'string')).toEqual([...away.map(() => 'server'), 'busy', 'busy']);
  expect(waited.at(-1)).toBeNull();
});

test.for(['Sat, 28 Nov 2026 17:30:00 GMT', '0', '-1', 'soon'])(
  'a Retry-After that says no number of seconds to wait makes no loop without pauses: %s',
  async (retryAfter) => {
    const { done, waited } = setup({}, busy(retryAfter), busy(retryAfter));

    expect(await done).toBe('done');
    expect(waited.filter((each) => typeof each === 'number')).toEqual([1000, 2000]);
  },
);

test('a key that is refused is asked for, and the work goes on with the other', async () => {
  const { done, waited } = setup({}, new ProblemError({ status: 401 }));

  expect(await done).toBe('done');
  expect(waited).toEqual(['credentials', null]);
});

test.for([
  [new ProblemError({ status: 422, code: 'missing_columns' }), true],
  [new ProblemError({ status: 409, code: 'upload_closed' }), true],
  [new TypeError('a bug'), true],
  [new ProblemError({ status: 401 }), false],
] as const)('what asking again does not change is thrown: %s', async ([error, hasCredentials]) => {
  await expect(setup({ hasCredentials }, error).done).rejects.toBe(error);
});

test('a first attempt that is still under way is waited for', async () => {
  const inUse = new ProblemError({ status: 409, code: 'idempotency_key_in_use', retryAfter: '2' });
  const { done, waited } = setup({}, inUse);

  expect(await done).toBe('done');
  expect(waited).toEqual(['earlier', 2000, null]);
});
