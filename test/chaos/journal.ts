import { createWriteStream, type WriteStream } from 'node:fs';
import type { LogEntry } from './managed-process.ts';

/** What the processes logged: kept in a file for whoever looks for a cause, and counted for the report. */
export class Journal {
  /** Failed attempts of messages, which had to come again. */
  retries = 0;
  /** Rows that were recorded as dead. */
  dead = 0;
  readonly #file: WriteStream;

  constructor(path: string) {
    this.#file = createWriteStream(path);
  }

  record(process: string, entry: LogEntry): void {
    this.#file.write(`${JSON.stringify({ process, ...entry })}\n`);
    if (entry.msg.startsWith('messages failed; retrying')) this.retries += Number(entry.messages);
    if (entry.msg.startsWith('rows dead-lettered')) this.dead += Number(entry.rows);
  }

  /** What this program did, between what the processes say. */
  note(msg: string, facts: object = {}): void {
    this.#file.write(`${JSON.stringify({ process: 'chaos', time: Date.now(), msg, ...facts })}\n`);
  }
}
