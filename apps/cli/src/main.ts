import { Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import type { BackfillOptions } from './backfill.ts';

/** For commands that somebody runs beside a server. */
const DATABASE =
  '\nThe database is that of DATABASE_URL, or else that of `rowferry start` in DATA_DIR (.rowferry), whether it runs or not.';

/** Where somebody tries `--port 8080`. */
const SETTINGS_HINT = 'settings come from environment variables, such as PORT=8080; the README lists them';

/**
 * The `rowferry` command. What a command runs is imported only then: a worker has no memory to spare for what the others
 * need.
 */
const program = new Command('rowferry')
  .description('Imports CSV files of employees into Postgres.')
  .version(manifest.version)
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'rowferry: ')) })
  .addHelpText(
    'after',
    `
Settings come from environment variables; the README lists them. docs/hosting.md says how to run Rowferry under systemd
and in containers.`,
  );

program
  .command('start')
  .configureOutput({ outputError: sayHowToSet })
  .description(
    'run everything on this machine: Postgres, S3 and SQS where the environment names none, the API and a worker',
  )
  .addHelpText('after', '\nData are kept in DATA_DIR (.rowferry). SIGTERM and Ctrl-C stop everything.')
  .action(async () => (await import('@rowferry/local')).runStart());

program
  .command('api')
  .configureOutput({ outputError: sayHowToSet })
  .description('run the API alone')
  .addHelpText('after', needs('DATABASE_URL, UPLOAD_BUCKET, ROW_QUEUE_URL, SEGMENT_QUEUE_URL'))
  .action(async () => (await import('@rowferry/api')).runApi());

program
  .command('worker')
  .configureOutput({ outputError: sayHowToSet })
  .description('run a worker alone: reads the files in the bucket and writes their rows; run as many as you like')
  .addHelpText(
    'after',
    needs('DATABASE_URL, UPLOAD_BUCKET, ROW_QUEUE_URL, ROW_DLQ_URL, SEGMENT_QUEUE_URL, SEGMENT_DLQ_URL'),
  )
  .action(async () => (await import('@rowferry/worker')).runWorker());

program
  .command('migrate')
  .description('bring the schema of the database up to date; safe to run at any time, by many at once')
  .addHelpText('after', DATABASE)
  .action(async () => (await import('@rowferry/local')).runMigrate());

program
  .command('backfill')
  .description(
    'load every file below a prefix of the bucket, through a running API, and wait until all have been loaded',
  )
  .requiredOption('--prefix <prefix>', 'what the keys of the files begin with, such as incoming/')
  .option('--profile <name>', 'the import profile by which all files are read')
  .option('--concurrency <number>', 'files that are under way at the same time', wholeNumber)
  .option('--url <url>', 'the API', `http://127.0.0.1:${process.env.PORT || 3000}`)
  .addOption(new Option('--key <key>', 'an API key with the scopes operate and read').env('ROWFERRY_API_KEY'))
  .option('--no-wait', 'only begin')
  .addHelpText('after', '\nEnds with 1 when a file has failed. Given again, it loads what is new or has changed.')
  .action(async (options: BackfillOptions) => (await import('./backfill.ts')).runBackfill(options));

const keys = program.command('keys').description('create, list and revoke API keys').addHelpText('after', DATABASE);

keys
  .command('create')
  .description('create a key and print it on standard output; it cannot be shown again')
  .requiredOption('--name <name>', 'whose key it is')
  .option('--scopes <scopes>', 'read, upload and operate, separated by commas', 'read,upload')
  .action(async (options: { name: string; scopes: string }) =>
    (await import('@rowferry/api')).runCreateKey(options, await localDatabase()),
  );

keys
  .command('list')
  .description('list all keys: id, name, scopes, time of creation, state')
  .action(async () => (await import('@rowferry/api')).runListKeys(await localDatabase()));

keys
  .command('revoke')
  .description('revoke a key; the API refuses it within seconds')
  .argument('<id>', 'the id of the key, as `rowferry keys list` shows it')
  .action(async (id: string) => (await import('@rowferry/api')).runRevokeKey(id, await localDatabase()));

await program.parseAsync();

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

/** For commands that take no options. */
function sayHowToSet(text: string, write: (text: string) => void): void {
  const line = text.replace(/^error: /, 'rowferry: ');
  write(/unknown option/.test(line) ? line.replace(/\n/, `; ${SETTINGS_HINT}\n`) : line);
}

async function localDatabase() {
  return (await import('@rowferry/local')).withLocalDatabase;
}

function needs(variables: string): string {
  return `\nNeeds in the environment: AWS_REGION, ${variables}.`;
}
