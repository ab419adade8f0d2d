import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { type Account, inNamespace, ownerFor } from './account.ts';

export type ProgramResult = { readonly code: number; readonly output: string };

/**
 * Runs one of Postgres's programs to its end and gives its exit code and what it printed (both streams, as one text).
 *
 * It runs in a session of its own, so that Ctrl-C in the terminal, which goes to the whole process group, interrupts
 * neither a start nor an orderly stop half-way. Its messages are in English, whatever the user's locale.
 */
export function runProgram(account: Account, program: string, args: readonly string[]): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawnProgram(account, program, args);
    child.stdin.end();
    let output = '';
    const collect = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', reject);
    // pg_ctl's server writes to its log file, so it does not keep these pipes open.
    child.once('close', (code, signal) => {
      resolve({ code: code ?? -1, output: signal === null ? output : `${output} killed by ${signal}` });
    });
  });
}

/** Starts a program as {@link runProgram} does. */
export function spawnProgram(
  account: Account,
  program: string,
  args: readonly string[],
): ChildProcessWithoutNullStreams {
  const [command, ...rest] = account.kind === 'namespace' ? inNamespace(program, args) : [program, ...args];
  return spawn(command, rest, {
    ...ownerFor(account),
    // A directory that any account may be in: ours may be closed to it.
    cwd: '/',
    detached: true,
    env: cleanEnvironment(),
  });
}

/** The user's environment without what would steer Postgres's programs: PGDATA, PGPORT, PGOPTIONS, LC_*... */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
