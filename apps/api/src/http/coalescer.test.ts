import { expect, test } from 'vitest';
import { Coalescer } from './coalescer.ts';

/** Answers that a test gives when it likes, in the order in which they were asked for. */
function heldAnswers() {
  const begun: PromiseWithResolvers<string>[] = [];
  const ask = () => {
    const answer = Promise.withResolvers<string>();
    begun.push(answer);
    return answer.promise;
  };
  return { begun, ask };
}

test('those who ask while an answer is on its way share the next one, which begins when that has ended', async () => {
  const { begun, ask } = heldAnswers();
  const coalescer = new Coalescer<string>();
  const first = coalescer.ask('page 1', ask);
  const others = Array.from({ length: 3 }, () => coalescer.ask('page 1', ask));
  expect(begun).toHaveLength(1);

  begun[0]?.resolve('old');
  expect(await first).toBe('old');
  await expect.poll(() => begun).toHaveLength(2);
  const late = coalescer.ask('page 1', ask);
  begun[1]?.resolve('new');
  expect(await Promise.all(others)).toEqual(['new', 'new', 'new']);

  await expect.poll(() => begun).toHaveLength(3);
  begun[2]?.resolve('newest');
  expect(await late).toBe('newest');
});

test('a caller that asks when no other does has an answer of its own', async () => {
  const coalescer = new Coalescer<number>();
  let answers = 0;
  for (const expected of [1, 2, 3]) expect(await coalescer.ask('page 1', async () => ++answers)).toBe(expected);
});

test('other questions wait for nobody', async () => {
  const { begun, ask } = heldAnswers();
  const coalescer = new Coalescer<string>();
  coalescer.ask('page 1', ask);
  const other = coalescer.ask('page 2', ask);
  begun[1]?.resolve('two');
  expect(await other).toBe('two');
});

test('a failure is for those who share it; the next are answered', async () => {
  const { begun, ask } = heldAnswers();
  const coalescer = new Coalescer<string>();
  const [first, second] = [coalescer.ask('page 1', ask), coalescer.ask('page 1', ask)];
  begun[0]?.reject(new Error('too slow'));
  await expect(first).rejects.toThrow('too slow');
  await expect.poll(() => begun).toHaveLength(2);
  begun[1]?.resolve('in time');
  expect(await second).toBe('in time');
  expect(await coalescer.ask('page 1', async () => 'again')).toBe('again');
});
