import { type DestinationStream, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { readEnvironment } from './environment.ts';
import { errorForLog } from './error-for-log.ts';
import { withMetrics } from './log-metrics.ts';

export type { Logger } from 'pino';

/**
 * The process's logger: JSON lines on standard output, readable lines on a terminal.
 * What is logged names uploads, lines and codes; never the values of a row. Numbers in `metrics` become metrics of CloudWatch
 * where METRICS_NAMESPACE is set.
 *
 * @param terminal where readable lines go.
 */
export function createLogger(name: string, level: string, terminal: LineWriter = process.stdout): Logger {
  const { METRICS_NAMESPACE: namespace } = readEnvironment(['METRICS_NAMESPACE']);
  const options = {
    name,
    level,
    serializers: { err: errorForLog },
    formatters: { log: (fields: object) => withMetrics(fields, namespace) },
  };
  return pino(options, process.stdout.isTTY ? readableLog(terminal) : jsonLog());
}

export type LineWriter = { write(text: string): unknown };

/** Takes lines of JSON, those of other processes too, and writes them in a form for people. */
export function readableLog(terminal: LineWriter): LineWriter {
  const format = prettyFactory({ colorize: true, ignore: 'pid,hostname,name', messageFormat: '{name}: {msg}' });
  return { write: (line) => terminal.write(format(line)) };
}

function jsonLog(): DestinationStream {
  const output = pino.destination({ fd: 1, sync: true });
  // The one who read the log is gone: the process has to stop in order all the same.
  output.on('error', () => {});
  return output;
}
