import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('as many as there are turns go on at the same time; the others follow in order, also after one that broke', async () => {
  const turns = new Turns(2);
  const started: number[] = [];
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const runs = ends.map(({ promise }, index) =>
    turns.run(async () => {
      started.push(index);
      await promise;
      return index;
    }),
  );

  await expect.poll(() => started).toEqual([0, 1]);
  ends[1]?.reject(new Error('broken'));
  await expect(runs[1]).rejects.toThrow('broken');
  await expect.poll(() => started).toEqual([0, 1, 2]);
  ends[0]?.resolve();
  await expect.poll(() => started).toEqual([0, 1, 2, 3]);
  ends[2]?.resolve();
  ends[3]?.resolve();
  expect(await Promise.all([runs[0], runs[2], runs[3]])).toEqual([0, 2, 3]);
});
