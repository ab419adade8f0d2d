import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { watchPace } from './pace.ts';

const SECOND = 1000;
const KIB = 1024;

function watched() {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const body = new PassThrough();
  const onStalled = vi.fn();
  watchPace(body, onStalled);
  return { body, onStalled };
}

/** What the client sends, once it has been read. */
async function send(body: PassThrough, bytes: number): Promise<void> {
  await new Promise((resolve) => body.write(Buffer.alloc(bytes), resolve));
}

test('a client that sends nothing, or a trickle, has stalled within a minute', async () => {
  const silent = watched();
  silent.body.resume();
  vi.advanceTimersByTime(60 * SECOND);
  expect(silent.onStalled).toHaveBeenCalledExactlyOnceWith('Fewer than 16384 bytes came in 30 seconds.');

  const trickling = watched();
  trickling.body.resume();
  await send(trickling.body, KIB);
  vi.advanceTimersByTime(30 * SECOND);
  expect(trickling.onStalled).toHaveBeenCalledOnce();
});

test('a slow client has not stalled, however long it takes, and nor has one whose body has ended', async () => {
  const { body, onStalled } = watched();
  body.resume();

  for (let window = 0; window < 10; window++) {
    await send(body, 17 * KIB);
    vi.advanceTimersByTime(30 * SECOND);
  }
  body.end();
  await vi.waitFor(() => expect(body.closed).toBe(true));
  vi.advanceTimersByTime(300 * SECOND);

  expect(onStalled).not.toHaveBeenCalled();
});

test('a client has not stalled while this side does not read', async () => {
  const { body, onStalled } = watched();
  const taken = Promise.withResolvers<() => void>();
  const slow = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => taken.resolve(done),
  });
  body.pipe(slow);
  body.write(Buffer.alloc(KIB));
  const finish = await taken.promise;

  vi.advanceTimersByTime(300 * SECOND);
  expect(onStalled).not.toHaveBeenCalled();

  const resumed = once(body, 'resume');
  finish();
  await resumed;
  vi.advanceTimersByTime(60 * SECOND);
  expect(onStalled).toHaveBeenCalledOnce();
});
