import type { Logger } from './logger.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `stop` at the first SIGINT or SIGTERM and ends the process with code 0 when it has finished; a second signal,
 * or `boundMs` passing, ends it at once with code 1.
 */
export function stopOnSignal(logger: Logger, boundMs: number, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping; a second signal ends at once');
    setTimeout(() => {
      logger.error({ boundMs }, 'what was in flight did not end in time');
      process.exit(1);
    }, boundMs).unref();
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
