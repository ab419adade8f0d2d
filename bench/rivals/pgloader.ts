import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { FILLED_COLUMNS } from '../roster.ts';
import { type Filled, RIVAL_TABLE, withRivalTable } from './rival-table.ts';

const run = promisify(execFile);
/** What it says of itself, in characters. */
const MAX_SAID = 500;
/** One that hangs is ended, and left out like one that fails. */
const TIMEOUT_MS = 30 * 60 * 1000;

/** Whether pgloader (https://pgloader.io) is installed. */
export async function hasPgloader(): Promise<boolean> {
  try {
    await run('pgloader', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/**
 * pgloader with its default settings. Its start is part of what is measured, as somebody who runs it waits for that too.
 *
 * @throws when it ends with an error; rows that it leaves out are seen by their sum only.
 */
export async function pgloader(databaseUrl: string, file: string): Promise<Filled> {
  const directory = dirname(file);
  const commands = join(directory, 'pgloader.load');
  try {
    // The URL has the password.
    await writeFile(commands, loadCommand(databaseUrl, file), { mode: 0o600 });
    return await withRivalTable(databaseUrl, async () => {
      const args = ['--on-error-stop', '--root-dir', join(directory, 'pgloader'), commands];
      const { stdout } = await run('pgloader', args, { timeout: TIMEOUT_MS });
      if (/\b(ERROR|FATAL)\b/.test(stdout)) throw new Error(stdout.slice(-MAX_SAID));
    });
  } finally {
    await rm(commands, { force: true });
  }
}

function loadCommand(databaseUrl: string, file: string): string {
  return `
    load csv from '${file}' (${FILLED_COLUMNS})
    into ${databaseUrl.replace(/^postgres:/, 'postgresql:')}
    target table public.${RIVAL_TABLE} (${FILLED_COLUMNS})
    with fields optionally enclosed by '"', fields escaped by double-quote, fields terminated by ',';
  `;
}
