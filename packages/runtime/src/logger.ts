import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

/**
 * The process's logger: JSON lines on standard output, readable lines on a terminal.
 * What is logged names uploads, lines and codes; never the values of a row.
 */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, serializers: { err: serializeError } };
  if (!process.stdout.isTTY) return pino(options);
  return pino(
    options,
    pretty({ colorize: true, ignore: 'pid,hostname,name', messageFormat: '{name}: {msg}', sync: true }),
  );
}

/**
 * What is logged of an error. Not all that it carries: Postgres puts values of the row into `detail` and `where`, the
 * SDK whole requests and answers.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { type: name, code, message, stack, ...(cause === undefined ? {} : { cause: serializeError(cause) }) };
}
