import type { Logger } from './logger.ts';

/** SIGHUP comes when the terminal is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Milliseconds within which further signals are the first one again: Ctrl-C goes to npm and to the process itself,
 * and where the shell between them steps aside, as bash does, npm hands its own on.
 */
const SAME_SIGNAL_MS = 500;
/** How often a process that npm started looks whether npm is still there. */
const NPM_CHECK_MS = 1000;

/**
 * Runs `stop` at the first SIGINT, SIGTERM or SIGHUP, or when the npm in front is gone, and ends the process with code 0
 * when it has finished; a second signal, or `timeoutMs` passing, ends it at once with code 1.
 */
export function stopOnSignal(logger: Logger, timeoutMs: number, stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: NodeJS.Signals | 'npm ended') => {
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
  whenNpmEnds(() => {
    // With a closed terminal npm ends too: that is no second signal.
    if (stoppingSince === undefined) onSignal('npm ended');
  });
}

/** npm passes SIGINT and SIGTERM on, but not what kills it at once. bin/rowferry notes its process id. */
function whenNpmEnds(callback: () => void): void {
  const npm = Number(process.env.ROWFERRY_NPM_PID || 0);
  if (npm === 0) return;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    callback();
  }, NPM_CHECK_MS).unref();
}
