import { createInterface } from 'node:readline';
import type { Account } from './account.ts';
import { type ProgramResult, spawnProgram } from './run-program.ts';

/** Result of `pg_ctl start`; `release` lets the keeper of the server go, once the server is stopped. */
export type KeptServer = ProgramResult & { release(): void };

/** The last line of the first half of the script, with the exit code of `pg_ctl start`. */
const EXIT_CODE = /^exit code (\d+)$/;

/**
 * Starts the server, waits for the end of its standard input, which comes with the end of the parent, however it ends, and
 * stops the server if it is still the one that was started: the next run may be there already.
 *
 * A shell, which takes 1 MiB, and not a Node process, which takes 40. It starts the server itself, so that there is no
 * moment at which a server runs that nobody keeps.
 */
const KEEPER = `
pg_ctl=$1 data=$2 log=$3 start_seconds=$4 stop_seconds=$5
"$pg_ctl" start -w -s -D "$data" -l "$log" -t "$start_seconds" 2>&1
code=$?
( trap '' PIPE; echo "exit code $code" ) 2>/dev/null
[ "$code" -eq 0 ] || exit
read -r pid < "$data/postmaster.pid"
read -r _
read -r now < "$data/postmaster.pid" && [ "$now" = "$pid" ] || exit
exec >/dev/null 2>&1
"$pg_ctl" stop -w -s -D "$data" -m fast -t "$stop_seconds" || "$pg_ctl" stop -w -s -D "$data" -m immediate
`;

export type KeepOptions = {
  readonly account: Account;
  readonly pgCtl: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly startSeconds: number;
  readonly stopSeconds: number;
};

/** Runs `pg_ctl start` and leaves a process behind that stops the server when this process is gone. */
export async function startKeptServer(options: KeepOptions): Promise<KeptServer> {
  const { account, pgCtl, dataDir, logFile, startSeconds, stopSeconds } = options;
  const parameters = [pgCtl, dataDir, logFile, String(startSeconds), String(stopSeconds)];
  const keeper = spawnProgram(account, 'sh', ['-c', KEEPER, 'rowferry-postgres-keeper', ...parameters]);
  const failed = new Promise<never>((_, reject) => void keeper.once('error', reject));
  const { code, output } = await Promise.race([readResult(keeper.stdout), failed]);
  // Neither the process nor its pipes keep this process alive.
  keeper.unref();
  for (const stream of [keeper.stdout, keeper.stderr]) stream.destroy();
  if ('unref' in keeper.stdin && typeof keeper.stdin.unref === 'function') keeper.stdin.unref();
  return { code, output, release: () => keeper.stdin.destroy() };
}

async function readResult(stdout: NodeJS.ReadableStream): Promise<ProgramResult> {
  let output = '';
  for await (const line of createInterface({ input: stdout })) {
    const code = EXIT_CODE.exec(line)?.[1];
    if (code !== undefined) return { code: Number(code), output };
    output += `${line}\n`;
  }
  return { code: -1, output };
}
