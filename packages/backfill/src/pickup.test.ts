import { expect, test } from 'vitest';
import { pickupOf } from './pickup.ts';

const NIGHTLY = { PICKUP_PREFIX: 'incoming/', PICKUP_SCHEDULE: '30 2 * * *' };

test('a pickup needs a prefix and a schedule; without both there is none', () => {
  expect(pickupOf({})).toBeUndefined();
  expect(pickupOf(NIGHTLY)).toEqual({ prefix: 'incoming/', schedule: '30 2 * * *', profile: undefined });
  expect(pickupOf({ ...NIGHTLY, PICKUP_PROFILE: 'payroll', BACKFILL_PREFIX: 'inc' })).toMatchObject({
    profile: 'payroll',
  });
});

test.for<[string, Parameters<typeof pickupOf>[0], RegExp]>([
  ['only a prefix', { PICKUP_PREFIX: 'incoming/' }, /^PICKUP_SCHEDULE is not set/],
  ['only a profile', { PICKUP_PROFILE: 'payroll' }, /^PICKUP_PREFIX is not set/],
  ['the prefix of the uploads', { ...NIGHTLY, PICKUP_PREFIX: 'uploads/new/' }, /^PICKUP_PREFIX must not/],
  ['a prefix that is not allowed', { ...NIGHTLY, BACKFILL_PREFIX: 'hr/' }, /must begin with .* hr\/$/],
  ['a profile that can be none', { ...NIGHTLY, PICKUP_PROFILE: 'Pay Roll' }, /^PICKUP_PROFILE must/],
  ['words', { ...NIGHTLY, PICKUP_SCHEDULE: 'every night' }, /^PICKUP_SCHEDULE must be five fields/],
  ['hour 25', { ...NIGHTLY, PICKUP_SCHEDULE: '30 25 * * *' }, /^PICKUP_SCHEDULE must be five fields/],
  ['six fields', { ...NIGHTLY, PICKUP_SCHEDULE: '0 30 2 * * *' }, /^PICKUP_SCHEDULE must be five fields/],
  ['30 February', { ...NIGHTLY, PICKUP_SCHEDULE: '0 0 30 2 *' }, /never comes/],
])('%s is refused at start', ([, environment, reason]) => {
  expect(() => pickupOf(environment)).toThrow(reason);
});
