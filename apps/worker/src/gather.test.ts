import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Gatherer, type GatherLimits, type ReceiveBatch } from './gather.ts';

const LIMITS: GatherLimits = { messagesPerReceive: 10, messagesPerInvocation: 500, bytesPerInvocation: 192 * 1024 };

/** A queue whose receives answer one after the other as told, then nothing; `waits` are the seconds that each was to wait. */
function setupQueue(...answers: (() => Promise<Message[]>)[]) {
  const waits: number[] = [];
  return {
    waits,
    receive: async (waitSeconds: number) => {
      waits.push(waitSeconds);
      return (await answers[waits.length - 1]?.()) ?? [];
    },
  };
}

function gather(receive: ReceiveBatch, limits: GatherLimits): Promise<Message[]> {
  return new Gatherer(receive, limits).next();
}

function batch(messages: number, bytes = 1): () => Promise<Message[]> {
  return async () => Array.from({ length: messages }, () => ({ Body: 'x'.repeat(bytes) }));
}

test('full batches are gathered until one is not full; only the first receive waits', async () => {
  const { receive, waits } = setupQueue(batch(10), batch(10), batch(3), batch(10));

  expect(await gather(receive, LIMITS)).toHaveLength(23);

  expect(waits).toEqual([5, 0, 0]);
});

test('a few messages, or none, are handled at once: nobody waits for more', async () => {
  for (const messages of [0, 1, 9]) {
    const { receive, waits } = setupQueue(batch(messages), batch(10));

    expect(await gather(receive, LIMITS)).toHaveLength(messages);

    expect(waits).toHaveLength(1);
  }
});

test('no receive is made whose messages an invocation might not be given', async () => {
  const { receive, waits } = setupQueue(batch(10), batch(10), batch(10));

  expect(await gather(receive, { messagesPerReceive: 10, messagesPerInvocation: 29 })).toHaveLength(20);

  expect(waits).toHaveLength(2);
});

test('of large messages fewer are gathered', async () => {
  const { receive } = setupQueue(batch(10, 14 * 1024), batch(10, 14 * 1024), batch(10, 14 * 1024));

  expect(await gather(receive, LIMITS)).toHaveLength(20);
});

test('after an idle time few are gathered, and each time more until it is all', async () => {
  const KIB = 1024;
  const late = async () => {
    await delay(100);
    return batch(10, 2 * KIB)();
  };
  const prompt = batch(10, 2 * KIB);
  const { receive } = setupQueue(prompt, prompt, prompt, batch(0), late, ...Array.from({ length: 20 }, () => prompt));
  const gatherer = new Gatherer(receive, {
    messagesPerReceive: 10,
    messagesPerInvocation: 500,
    bytesPerInvocation: 60 * KIB,
  });
  const sizes: number[] = [];
  for (let invocation = 0; invocation < 9; invocation++) sizes.push((await gatherer.next()).length);

  // At 20 KiB a receive: 60 KiB; then 15, 22.5, 33.75, 50.6 and from there on 60 KiB again.
  expect(sizes).toEqual([30, 0, 10, 20, 20, 30, 30, 30, 30]);
});

test('while each receive is full, a queue that is far away is not taken for an idle one', async () => {
  const far = async () => {
    await delay(100);
    return batch(10, 2 * 1024)();
  };
  const { receive } = setupQueue(far, far, far, far, far);
  const gatherer = new Gatherer(receive, {
    messagesPerReceive: 10,
    messagesPerInvocation: 500,
    bytesPerInvocation: 30_000,
  });

  const sizes: number[] = [];
  for (let invocation = 0; invocation < 4; invocation++) sizes.push((await gatherer.next()).length);
  // Up to 7,500 bytes, 11,250, 16,875 and 25,312, at 20 KiB a receive.
  expect(sizes).toEqual([10, 10, 10, 20]);
});

test('when receiving is slow, what is there does not wait for more', async () => {
  const slow = async () => {
    await delay(250);
    return batch(10)();
  };
  const { receive } = setupQueue(batch(10), slow, batch(10));

  expect(await gather(receive, LIMITS)).toHaveLength(20);
});

test('what was received is returned although the next receive fails; when the first one fails, it throws', async () => {
  const failing = () => Promise.reject(new Error('SQS is unavailable'));

  expect(await gather(setupQueue(batch(10), failing, batch(10)).receive, LIMITS)).toHaveLength(10);

  await expect(gather(setupQueue(failing).receive, LIMITS)).rejects.toThrow('SQS is unavailable');
});

test('whatever comes, every message received is returned, in order, and never more than an invocation is given', async () => {
  const queue = fc.record({
    messagesPerReceive: fc.integer({ min: 1, max: 10 }),
    more: fc.nat(40),
    sizes: fc.array(fc.nat(10), { maxLength: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(queue, async ({ messagesPerReceive, more, sizes }) => {
      const messagesPerInvocation = messagesPerReceive + more;
      const received: Message[] = [];
      const receive = async () => {
        const size = Math.min(messagesPerReceive, sizes.shift() ?? 0);
        const messages = Array.from({ length: size }, (_, index) => ({ Body: String(received.length + index) }));
        received.push(...messages);
        return messages;
      };

      const gathered = await gather(receive, { messagesPerReceive, messagesPerInvocation });

      expect(gathered).toEqual(received);
      expect(gathered.length).toBeLessThanOrEqual(messagesPerInvocation);
    }),
  );
});
