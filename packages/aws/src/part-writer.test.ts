import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PartWriter } from './part-writer.ts';

const NOTHING = () => {};

function write(writer: PartWriter, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => writer.write(chunk, (error) => (error ? reject(error) : resolve())));
}

test('whatever the chunks, parts and rest are what was written, though buffers are filled again and again', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 });
  const sizes = { partBytes: fc.integer({ min: 1, max: 16 }), inFlight: fc.integer({ min: 1, max: 3 }) };
  await fc.assert(
    fc.asyncProperty(chunks, fc.record(sizes), fc.infiniteStream(fc.nat(3)), async (written, options, random) => {
      const expected = Buffer.concat(written);
      const parts: Buffer[] = [];
      const kept: Uint8Array[] = [];
      const writer = new PartWriter({
        ...options,
        onChunk: NOTHING,
        async send(bytes, number) {
          // Parts arrive in any order, each as it is then.
          for (let turn = random.next().value ?? 0; turn > 0; turn--) await Promise.resolve();
          parts[number - 1] = Buffer.from(bytes);
          const isReusable = random.next().value !== 0;
          if (!isReusable) kept[number - 1] = bytes;
          return isReusable;
        },
      });

      for (const chunk of written) await write(writer, chunk);
      const rest = Buffer.from(writer.rest);
      expect(rest.byteLength > 0).toBe(expected.byteLength > 0);
      await writer.sendRest();
      writer.free();

      expect(parts.slice(0, -1).every(({ byteLength }) => byteLength === options.partBytes)).toBe(true);
      expect(Buffer.concat(parts).equals(expected)).toBe(true);
      expect(parts.at(-1)?.equals(rest)).toBe(true);
      // A connection that still reads them finds what was sent.
      kept.forEach((bytes, index) => {
        expect(parts[index]?.equals(bytes)).toBe(true);
      });
    }),
  );
});

test('a chunk is told before its memory is freed, and one that shares its memory is left as it is', async () => {
  const told: string[] = [];
  const writer = new PartWriter({
    partBytes: 100,
    inFlight: 1,
    onChunk: (chunk) => told.push(Buffer.from(chunk).toString()),
    send: async () => true,
  });
  const own = Buffer.from(new TextEncoder().encode('own').buffer);
  const shared = Buffer.from('shared with others').subarray(0, 6);

  await write(writer, own);
  await write(writer, shared);

  expect(told).toEqual(['own', 'shared']);
  expect(Buffer.from(writer.rest).toString()).toBe('ownshared');
  expect(own.byteLength).toBe(0);
  expect(shared.toString()).toBe('shared');
});

test('once destroyed it sends no more, also what waited for its turn', async () => {
  const hold = Promise.withResolvers<void>();
  const begun: number[] = [];
  const writer = new PartWriter({
    partBytes: 4,
    inFlight: 2,
    onChunk: NOTHING,
    async send(_bytes, number) {
      begun.push(number);
      await hold.promise;
      return true;
    },
  });
  const waiting = write(writer, Buffer.alloc(20)).catch(() => {});
  await expect.poll(() => begun).toEqual([1, 2]);

  writer.destroy();
  const settled = writer.settled();
  hold.resolve();
  await Promise.all([settled, waiting]);

  expect(begun).toEqual([1, 2]);
});

test('a part that cannot be sent ends the writer with its error, also while nothing is written', async () => {
  const refused = Promise.withResolvers<boolean>();
  const writer = new PartWriter({ partBytes: 4, inFlight: 2, onChunk: NOTHING, send: () => refused.promise });
  const ended = finished(writer);
  await write(writer, Buffer.alloc(5));

  refused.reject(new Error('refused'));

  await expect(ended).rejects.toThrow('refused');
  await expect(writer.sendRest()).rejects.toThrow('refused');
});
