import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { bundleAll } from './bundle.ts';

const DEFAULT_DIRECTORY = fileURLToPath(new URL('../../../dist/lambda', import.meta.url));

await new Command('npm run bundle --')
  .description('Bundles the Lambda functions, <directory>/<function>/index.mjs, and the files of the container image.')
  .argument('[directory]', 'where the bundles go', (text: string) => resolve(text), DEFAULT_DIRECTORY)
  .showHelpAfterError()
  .action(async (directory: string) => void (await bundleAll(directory)))
  .parseAsync();
