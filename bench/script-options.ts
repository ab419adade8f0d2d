import { readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * Reads the options of `npm run <script>`. With `--help` it prints them, and the comment that the script's file begins with,
 * and ends; with an option that there is not, it ends with one line.
 *
 * @param url `import.meta.url` of the script's file.
 */
export function readScriptOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  script: string,
  url: string,
  options: Options,
) {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usageOf(script, options)}\n\n${commentOf(url)}\n`);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    process.stderr.write(`${reason}; npm run ${script} -- --help says how it is used\n`);
    process.exit(1);
  }
}

function usageOf(script: string, options: NonNullable<ParseArgsConfig['options']>): string {
  const shown = Object.entries(options).map(([name, { type, default: value }]) => {
    if (type === 'boolean') return `[--${name}]`;
    return `[--${name} ${value === undefined ? '<value>' : String(value)}]`;
  });
  return `Usage: npm run ${script} -- ${shown.join(' ')}`;
}

function commentOf(url: string): string {
  const [, comment = ''] = /\/\*\*\n(.*?)\n \*\//s.exec(readFileSync(new URL(url), 'utf8')) ?? [];
  return comment.replaceAll(/^ \* ?/gm, '');
}
