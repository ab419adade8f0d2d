import type { Logger } from './logger.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Milliseconds within which further signals are the first one again: Ctrl-C goes to npm and to the process itself,
 * and where the shell between them steps aside, as bash does, npm hands its own on.
 */
const SAME_SIGNAL_MS = 500;

/**
 * Runs `stop` at the first SIGINT or SIGTERM and ends the process with code 0 when it has finished; a second signal,
 * or `timeoutMs` passing, ends it at once with code 1.
 */
export function stopOnSignal(logger: Logger, timeoutMs: number, stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince >= SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    logger.info({ signal }, 'stopping; a second signal ends at once');
    setTimeout(() => {
      logger.error({ timeoutMs }, 'stopping timed out; ending at once');
      process.exit(1);
    }, timeoutMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
}
