import { expect, test } from 'vitest';
import { ApiProblem } from '../problems/catalogue.ts';
import { Slots } from './slots.ts';

test('as many as there are slots go on at the same time; the next is told to come back, until one has ended', async () => {
  const slots = new Slots(2, 'dry runs');
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  const running = [slots.run(() => first.promise), slots.run(() => second.promise)];

  await expect(slots.run(async () => 'third')).rejects.toThrow('2 dry runs are under way');
  const refused: unknown = await slots.run(async () => 'third').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiProblem);
  expect(refused).toMatchObject({ code: 'busy', headers: { 'Retry-After': expect.stringMatching(/^\d+$/) } });

  second.reject(new Error('broken'));
  await expect(running[1]).rejects.toThrow('broken');
  expect(await slots.run(async () => 'third')).toBe('third');
  first.resolve('first');
  expect(await running[0]).toBe('first');
});
