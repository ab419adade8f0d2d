import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { generateCommand, type LoadSettings, loadCommand } from './commands.ts';
import type { FileSettings } from './employee-file.ts';

/** Parses what was typed. @returns what it printed to standard error, when it was refused. */
async function refusalOf(command: Command, args: readonly string[]): Promise<string> {
  let text = '';
  const output = {
    writeErr: (piece: string) => {
      text += piece;
    },
  };
  await expect(command.exitOverride().configureOutput(output).parseAsync(args, { from: 'user' })).rejects.toMatchObject(
    {
      exitCode: 1,
    },
  );
  return text;
}

async function loadSettings(...args: string[]): Promise<LoadSettings[]> {
  const runs: LoadSettings[] = [];
  await loadCommand(async (settings) => void runs.push(settings)).parseAsync(args, { from: 'user' });
  return runs;
}

test('load takes an API, a number of files and how many at once', async () => {
  expect(
    await loadSettings('http://127.0.0.1:3000/', '500', '8', '--rows', '10', '--bad', '2.5%', '--key', 'rf_x'),
  ).toEqual([
    {
      url: 'http://127.0.0.1:3000',
      count: 500,
      concurrency: 8,
      file: { rows: 10, bad: 0.025, seed: 1 },
      key: 'rf_x',
    },
  ]);
  expect(await loadSettings('http://127.0.0.1:3000')).toEqual([
    { url: 'http://127.0.0.1:3000', count: 20, concurrency: 4, file: { rows: 100, bad: 0, seed: 1 }, key: undefined },
  ]);
});

test.for([
  [[], "missing required argument 'url'"],
  [['ftp://x'], 'It must be a URL'],
  [['http://x', '0'], 'It must be a whole number from 1'],
  [['http://x', '10', 'many'], 'It must be a whole number from 1'],
  [['http://x', '1', '1', '1'], 'too many arguments'],
  [['http://x', '--rows', '-1'], 'It must be a whole number from 0'],
  [['http://x', '--bad', '101%'], 'It must be a share'],
  [['http://x', '--what'], "unknown option '--what'"],
] as const)('load %j is told what is wrong and how it is used', async ([args, message]) => {
  const runs: LoadSettings[] = [];

  const refusal = await refusalOf(
    loadCommand(async (settings) => void runs.push(settings)),
    args,
  );

  expect(refusal).toContain(message);
  expect(refusal).toContain('Usage: npm run load -- [options] <url> [count] [concurrency]');
  expect(runs).toEqual([]);
});

test('generate wants to know how many rows', async () => {
  const runs: FileSettings[] = [];
  const command = () => generateCommand(async (settings) => void runs.push(settings));

  await command().parseAsync(['--rows', '7', '--bad', '0.5', '--seed', '3'], { from: 'user' });
  expect(runs).toEqual([{ rows: 7, bad: 0.5, seed: 3 }]);
  expect(await refusalOf(command(), [])).toMatch(
    /--rows <number>' not specified.*Usage: npm run --silent generate -- /s,
  );
  expect(runs).toHaveLength(1);
});
