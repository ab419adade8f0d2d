/**
 * `npm run keep:consumer`, at a release (CONTRIBUTING.md): keeps the consumer of this version in test/previous-version, where tests
 * run it against the schema of the next one, and the hashes of its migrations, which are never edited from then on. The file has the project's own code, readable; the packages that it depends on
 * are those that are installed. It is kept, and not made when tests run: a checkout need not have the history.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const MIGRATIONS = 'migrations';
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));

const directory = process.argv[2] ?? join(ROOT, 'test/previous-version');

await build({
  input: join(ROOT, 'test/previous-version/entry.ts'),
  platform: 'node',
  external: /^(?!@rowferry\/)[@\w]/,
  treeshake: { moduleSideEffects: 'no-external' },
  output: {
    file: join(directory, 'consumer.mjs'),
    format: 'esm',
    banner: `// Rowferry ${version}, made by \`npm run keep:consumer\`. Not to be edited.`,
  },
});

const hashes: Record<string, string> = {};
for (const name of (await readdir(join(ROOT, MIGRATIONS))).sort())
  hashes[name] = createHash('sha256')
    .update(await readFile(join(ROOT, MIGRATIONS, name)))
    .digest('hex');
await writeFile(join(directory, 'migrations.json'), `${JSON.stringify(hashes, null, 2)}\n`);
