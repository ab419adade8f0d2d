import { expect, test } from 'vitest';
import { Budget } from './budget.ts';

test('work goes on at the same time as far as the total reaches; the next is told to come back, until some has ended', async () => {
  const budget = new Budget(10, 'All is taken.');
  const large = Promise.withResolvers<string>();
  const small = Promise.withResolvers<string>();
  const running = [budget.run(7, () => large.promise), budget.run(3, () => small.promise)];

  await expect(budget.run(1, async () => 'more')).rejects.toMatchObject({
    code: 'busy',
    message: 'All is taken. Try again later.',
    headers: { 'Retry-After': expect.stringMatching(/^\d+$/) },
  });
  expect(await budget.run(0, async () => 'nothing')).toBe('nothing');

  small.reject(new Error('broken'));
  await expect(running[1]).rejects.toThrow('broken');
  await expect(budget.run(4, async () => 'more')).rejects.toMatchObject({ code: 'busy' });
  expect(await budget.run(3, async () => 'more')).toBe('more');
  large.resolve('done');
  expect(await running[0]).toBe('done');
  expect(await budget.run(10, async () => 'all')).toBe('all');
});
