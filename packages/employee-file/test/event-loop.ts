import { monitorEventLoopDelay } from 'node:perf_hooks';

const MICROSECONDS = 1000;
const NANOSECONDS = 1_000_000;

export type Stretches = {
  /** The most CPU time that this thread spent between two turns of the event loop: what one piece of work took. */
  cpuMs: number;
  /** The longest that a timer waited. On a busy machine, waiting for a processor is in it. */
  delayMs: number;
};

/** Watches the event loop while `work` runs. */
export async function watchEventLoop(work: () => Promise<void>): Promise<Stretches> {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  const now = () => process.threadCpuUsage().user / MICROSECONDS;
  let cpuMs = 0;
  let before = now();
  let next: NodeJS.Immediate;
  const turn = () => {
    const at = now();
    cpuMs = Math.max(cpuMs, at - before);
    before = at;
    next = setImmediate(turn);
  };
  next = setImmediate(turn);
  delays.enable();
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    delays.disable();
    clearImmediate(next);
  }
  return { cpuMs, delayMs: delays.max / NANOSECONDS };
}
