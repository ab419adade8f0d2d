import { expect, test } from 'vitest';
import { ApiProblem } from '../problems/api-problem.ts';
import { concurrencyLimit, Semaphore } from './semaphore.ts';

test('work runs while permits are free; more is told to come back, until some has ended', async () => {
  const semaphore = new Semaphore(10, 'All is taken.');
  const large = Promise.withResolvers<string>();
  const small = Promise.withResolvers<string>();
  const running = [semaphore.run(7, () => large.promise), semaphore.run(3, () => small.promise)];

  await expect(semaphore.run(1, async () => 'more')).rejects.toMatchObject({
    code: 'busy',
    message: 'All is taken. Try again later.',
    headers: { 'Retry-After': expect.stringMatching(/^\d+$/) },
  });
  expect(await semaphore.run(0, async () => 'nothing')).toBe('nothing');

  small.reject(new Error('broken'));
  await expect(running[1]).rejects.toThrow('broken');
  await expect(semaphore.run(4, async () => 'more')).rejects.toMatchObject({ code: 'busy' });
  expect(await semaphore.run(3, async () => 'more')).toBe('more');
  large.resolve('done');
  expect(await running[0]).toBe('done');
  expect(await semaphore.run(10, async () => 'all')).toBe('all');
});

test('so many run at the same time; the next is told to come back, until one has ended', async () => {
  const run = concurrencyLimit(2, 'dry runs');
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  const running = [run(() => first.promise), run(() => second.promise)];

  await expect(run(async () => 'third')).rejects.toThrow('This server runs 2 dry runs at a time');
  const refused: unknown = await run(async () => 'third').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiProblem);
  expect(refused).toMatchObject({ code: 'busy', headers: { 'Retry-After': expect.stringMatching(/^\d+$/) } });

  second.reject(new Error('broken'));
  await expect(running[1]).rejects.toThrow('broken');
  expect(await run(async () => 'third')).toBe('third');
  first.resolve('first');
  expect(await running[0]).toBe('first');
});
