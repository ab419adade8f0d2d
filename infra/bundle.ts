import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { build } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Drivers of other databases, which knex asks for only when it is told to use them, and other things that are optional. */
const NEVER_LOADED =
  /^(better-sqlite3|sqlite3|mysql2?|mariadb|oracledb|tedious|pg-native|pg-query-stream|@aws-sdk\/signature-v4-crt|@aws-sdk\/crt-loader)(\/|$)/;

/**
 * Puts each Lambda function's code, with everything that it imports, into one file that Lambda can run: it takes no
 * TypeScript out of node_modules, and a workspace's packages are links.
 */
async function bundle(directory: string): Promise<void> {
  for (const name of ['producer', 'consumer']) {
    await build({
      input: join(ROOT, `apps/${name}-lambda/src/lambda.ts`),
      platform: 'node',
      external: NEVER_LOADED,
      output: { file: join(directory, name, 'index.mjs'), format: 'esm', codeSplitting: false, minify: false },
      logLevel: 'warn',
    });
  }
}

await new Command('npm run bundle --')
  .description('Bundles the Lambda functions: <directory>/producer/index.mjs and <directory>/consumer/index.mjs.')
  .argument('[directory]', 'where the bundles go', (text: string) => resolve(text), join(ROOT, 'dist/lambda'))
  .showHelpAfterError()
  .action(bundle)
  .parseAsync();
