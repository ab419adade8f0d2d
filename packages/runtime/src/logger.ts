import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { errorForLog } from './error-for-log.ts';

export type { Logger } from 'pino';

/**
 * The process's logger: JSON lines on standard output, readable lines on a terminal.
 * What is logged names uploads, lines and codes; never the values of a row.
 */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, serializers: { err: errorForLog } };
  if (!process.stdout.isTTY) return pino(options);
  return pino(
    options,
    pretty({ colorize: true, ignore: 'pid,hostname,name', messageFormat: '{name}: {msg}', sync: true }),
  );
}
