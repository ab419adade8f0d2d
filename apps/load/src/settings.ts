import { parseArgs } from 'node:util';
import type { FileSettings } from './employee-file.ts';

/** What was typed is not what the tool takes: its message says how it is used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type LoadSettings = {
  url: string;
  /** Files, and how many of them are on their way at the same time. */
  count: number;
  concurrency: number;
  file: FileSettings;
  /** An API key, where the API wants one. */
  key: string | undefined;
};

const ROWS_MAX = 100_000_000;
const COUNT_MAX = 1_000_000;
const CONCURRENCY_MAX = 500;

const GENERATE_USAGE = 'npm run --silent generate -- --rows N [--bad 1%] [--seed 1] > file.csv';
const LOAD_USAGE = 'npm run load -- <API_URL> [count] [concurrency] [--rows 100] [--bad 1%] [--seed 1] [--key rf_…]';

const FILE_OPTIONS = {
  rows: { type: 'string' },
  bad: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
} as const;

/** @throws UsageError */
export function readGenerateSettings(args: string[]): FileSettings {
  return orUsage(GENERATE_USAGE, () => {
    const { values } = parseArgs({ args, options: FILE_OPTIONS });
    return readFileSettings(values);
  });
}

/** @throws UsageError */
export function readLoadSettings(args: string[]): LoadSettings {
  return orUsage(LOAD_USAGE, () => {
    const options = { ...FILE_OPTIONS, rows: { type: 'string', default: '100' }, key: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const [url = '', count = '20', concurrency = '4', ...others] = positionals;
    if (others.length > 0) throw new Error(`what is ${others[0]}?`);
    return {
      url: readUrl(url),
      count: wholeNumber('count', count, 1, COUNT_MAX),
      concurrency: wholeNumber('concurrency', concurrency, 1, CONCURRENCY_MAX),
      file: readFileSettings(values),
      key: values.key,
    };
  });
}

function orUsage<T>(usage: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\nusage: ${usage}`, {
      cause: error,
    });
  }
}

function readFileSettings({ rows, bad, seed }: { rows?: string | undefined; bad: string; seed: string }): FileSettings {
  return {
    rows: wholeNumber('--rows', rows ?? '', 0, ROWS_MAX),
    bad: share('--bad', bad),
    seed: wholeNumber('--seed', seed, 0, 2 ** 31),
  };
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error('the API’s URL must be such as http://127.0.0.1:3000');
  return url.origin;
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`${name} must be a whole number from ${min} to ${max}`);
}

/** `1%` or `0.01`. */
function share(name: string, text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(digits) / (percent === '%' ? 100 : 1);
  if (digits !== undefined && value <= 1) return value;
  throw new Error(`${name} must be a share such as 1% or 0.01`);
}
