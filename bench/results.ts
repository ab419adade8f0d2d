import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where measurements are kept; a run that only shows that a benchmark runs keeps its own elsewhere. */
const DIRECTORY = process.env.BENCH_RESULTS_DIRECTORY ?? join(ROOT, 'bench/results');
const GIB = 1024 ** 3;

/** Keeps a measurement as JSON, with the machine that it was made on. */
export function saveResults(name: string, results: object): void {
  mkdirSync(DIRECTORY, { recursive: true });
  const time = new Date().toISOString();
  const file = join(DIRECTORY, `${name}-${time.replace(/[:.]/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify({ time, machine: machine(), ...results }, null, 2)}\n`);
  say(`\nwritten to ${file}`);
}

function machine() {
  const [first] = cpus();
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / GIB),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    commit: commit(),
  };
}

function commit(): string | null {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints rows of cells in columns: the first to the left, the others to the right. */
export function sayTable(rows: readonly (readonly string[])[]): void {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    say(`  ${cells.join('   ').trimEnd()}`);
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
