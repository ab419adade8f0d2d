import { Command, InvalidArgumentError } from 'commander';
import type { FileSettings } from './employee-file.ts';

export type LoadSettings = {
  url: string;
  /** Files, and how many of them are sent at the same time. */
  count: number;
  concurrency: number;
  file: FileSettings;
  /** An API key, where the API wants one. */
  key: string | undefined;
};

const ROWS_MAX = 100_000_000;
const COUNT_MAX = 1_000_000;
const CONCURRENCY_MAX = 500;
const SEED_MAX = 2 ** 31;

/** The command line of `npm run generate`. */
export function generateCommand(run: (settings: FileSettings) => Promise<void>): Command {
  return new Command('npm run --silent generate --')
    .description('Prints a CSV file of employees, however large.')
    .requiredOption('--rows <number>', 'rows of the file', wholeNumber(0, ROWS_MAX))
    .option('--bad <share>', 'share of the rows that are bad, such as 1% or 0.01', share, 0)
    .option('--seed <number>', 'the same seed makes the same file', wholeNumber(0, SEED_MAX), 1)
    .showHelpAfterError()
    .action(run);
}

/** The command line of `npm run load`. */
export function loadCommand(run: (settings: LoadSettings) => Promise<void>): Command {
  return new Command('npm run load --')
    .description(
      'Sends generated files to a running API, waits until their rows are written, and prints how long it took.',
    )
    .argument('<url>', 'the API, such as http://127.0.0.1:3000', readUrl)
    .argument('[count]', 'files to send', wholeNumber(1, COUNT_MAX), 20)
    .argument('[concurrency]', 'files sent at the same time', wholeNumber(1, CONCURRENCY_MAX), 4)
    .option('--rows <number>', 'rows of each file', wholeNumber(0, ROWS_MAX), 100)
    .option('--bad <share>', 'share of the rows that are bad, such as 1% or 0.01', share, 0)
    .option('--seed <number>', 'of the first file; the next one has the next', wholeNumber(0, SEED_MAX), 1)
    .option('--key <key>', 'an API key')
    .showHelpAfterError()
    .action((url: string, count: number, concurrency: number, options: FileSettings & { key?: string }) => {
      const { key, ...file } = options;
      return run({ url, count, concurrency, file, key });
    });
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('It must be a URL such as http://127.0.0.1:3000.');
  return url.origin;
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** `1%` or `0.01`. */
function share(text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(digits) / (percent === '%' ? 100 : 1);
  if (digits !== undefined && value <= 1) return value;
  throw new InvalidArgumentError('It must be a share such as 1% or 0.01.');
}
