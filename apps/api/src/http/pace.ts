import type { Readable } from 'node:stream';

const SECOND = 1000;
const KIB = 1024;

/** A window of time, and the bytes that a client sends in each at least: some 4 kbit/s, less than any line has. */
const WINDOW_MS = 30 * SECOND;
const WINDOW_MIN_BYTES = 16 * KIB;

/**
 * Watches that a body goes on coming. A window in which this side did not read, as S3 was slow, does not count.
 *
 * @param onStalled is called when too little has come in one whole window: 30 to 60 seconds after a client fell silent.
 * @returns what ends the watch.
 */
export function watchPace(body: Readable, onStalled: (detail: string) => void): () => void {
  let received = 0;
  let isPaused = false;
  let wasPaused = false;
  const count = ({ length }: Buffer) => {
    received += length;
  };
  const pause = () => {
    isPaused = true;
    wasPaused = true;
  };
  const resume = () => {
    isPaused = false;
  };
  const timer = setInterval(() => {
    const isStalled = received < WINDOW_MIN_BYTES && !wasPaused && body.readableLength === 0;
    received = 0;
    wasPaused = isPaused;
    if (!isStalled) return;
    stop();
    onStalled(`Fewer than ${WINDOW_MIN_BYTES} bytes came in ${WINDOW_MS / SECOND} seconds.`);
  }, WINDOW_MS);
  const stop = () => {
    clearInterval(timer);
    body.off('data', count).off('pause', pause).off('resume', resume);
  };
  body.on('data', count).on('pause', pause).on('resume', resume).once('end', stop).once('close', stop);
  return stop;
}
