import { Writable } from 'node:stream';
import { errorForLog, type Logger, withMetrics } from '@rowferry/runtime';
import { pino } from 'pino';

export type LogEntry = { level: number; msg: string } & Record<string, unknown>;

export type RecordedLog = {
  logger: Logger;
  /** All that was logged so far, in order; every level. */
  entries: readonly LogEntry[];
  /** The same as the text that would have been written: for what must not be in a log. */
  text(): string;
};

/** A logger that prints nothing and keeps everything, as the process's own would have written it. */
export function recordLog(): RecordedLog {
  const lines: string[] = [];
  const entries: LogEntry[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const line = chunk.toString();
      lines.push(line);
      entries.push(JSON.parse(line));
      done();
    },
  });
  return {
    logger: pino({ level: 'trace', serializers: { err: errorForLog }, formatters: { log: withMetrics } }, destination),
    entries,
    text: () => lines.join(''),
  };
}
