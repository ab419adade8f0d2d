import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type OutputOptions } from 'rolldown';
import { writeCertificates } from './certificates.ts';
import { leaveOut } from './leave-out.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Optional parts of dependencies, which are asked for only when somebody chooses them. */
const NEVER_LOADED = /^(pg-native|pg-query-stream|@aws-sdk\/signature-v4-crt|@aws-sdk\/crt-loader)(\/|$)/;

export const FUNCTIONS = [
  'producer',
  'consumer',
  'event',
  'migration',
  'webhook',
  'webhook-sender',
  'backfill',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Those that connect to the database, and check its certificate. */
const WITH_DATABASE: readonly FunctionName[] = ['consumer', 'event', 'migration', 'webhook', 'backfill'];

/** Where `bundleAll` puts each part. */
export type Bundles = Record<FunctionName | 'image', string>;

export function bundlesIn(directory: string): Bundles {
  const at = (name: string) => join(directory, name);
  return {
    producer: at('producer'),
    consumer: at('consumer'),
    event: at('event'),
    migration: at('migration'),
    webhook: at('webhook'),
    'webhook-sender': at('webhook-sender'),
    backfill: at('backfill'),
    image: at('image'),
  };
}

/**
 * Puts each Lambda function's code, with everything that it imports, into one file that Lambda can run: it takes no
 * TypeScript out of node_modules, and a workspace's packages are links. Beside it are its source map and the files that it
 * reads. `image` is what the container's image is built from.
 */
export async function bundleAll(directory: string): Promise<Bundles> {
  const bundles = bundlesIn(directory);
  for (const name of FUNCTIONS) await bundleFunction(name, bundles[name]);
  await bundleImage(bundles.image);
  return bundles;
}

/** One function alone. */
export async function bundleFunction(name: FunctionName, directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await bundle(`apps/${name}-lambda/src/lambda.ts`, { file: join(directory, 'index.mjs'), codeSplitting: false });
  if (WITH_DATABASE.includes(name)) await writeCertificates(join(directory, 'ca'));
  if (name === 'migration') await copyMigrations(directory);
}

async function bundleImage(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await bundle('apps/cli/src/main.ts', { dir: directory, entryFileNames: 'index.mjs', chunkFileNames: '[name].mjs' });
  for (const name of ['Dockerfile', 'health.mjs']) await cp(join(ROOT, 'infra/image', name), join(directory, name));
  await writeCertificates(join(directory, 'ca'));
  await copyMigrations(directory);
  await copyConsole(join(directory, 'console'));
  const swagger = join(directory, 'node_modules/swagger-ui-dist');
  await mkdir(swagger, { recursive: true });
  for (const name of ['package.json', 'LICENSE', 'swagger-ui.css', 'swagger-ui-bundle.js'])
    await cp(join(ROOT, 'node_modules/swagger-ui-dist', name), join(swagger, name));
}

/** `npm ci` has built it. */
async function copyConsole(directory: string): Promise<void> {
  const built = join(ROOT, 'apps/console/dist');
  if (!existsSync(join(built, 'index.html')))
    throw new Error('the console is not built; run npm ci, or npm run build:console');
  await cp(built, directory, { recursive: true });
}

async function bundle(entry: string, output: OutputOptions): Promise<void> {
  await build({
    input: join(ROOT, entry),
    platform: 'node',
    external: NEVER_LOADED,
    plugins: [leaveOut],
    // Importing a module of ours does nothing: what a function does not call need not be there.
    treeshake: {
      moduleSideEffects: [{ test: /\/(packages|apps)\/[\w-]+\/src\/(?!(lambda|main)\.ts)/, sideEffects: false }],
    },
    output: {
      ...output,
      format: 'esm',
      // Names stay: errors are told apart by them, and so are classes in logs.
      minify: { mangle: { keepNames: true }, compress: true, codegen: true },
      sourcemap: true,
      sourcemapExcludeSources: true,
    },
    logLevel: 'warn',
  });
}

/** As they are, since Postgres has noted their names: Node runs TypeScript that has types to be removed and nothing else. */
async function copyMigrations(directory: string): Promise<void> {
  const migrations = join(ROOT, 'migrations');
  for (const name of await readdir(migrations))
    if (name.endsWith('.ts')) await cp(join(migrations, name), join(directory, 'migrations', name));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}\n');
}
