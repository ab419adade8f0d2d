/**
 * `npm run keep:consumer`, at a release (CONTRIBUTING.md): keeps the consumer of this version in test/previous-version, where tests
 * run it against the schema of the next one. The file has the project's own code, readable; the packages that it depends on
 * are those that are installed. It is kept, and not made when tests run: a checkout need not have the history.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));

await build({
  input: join(ROOT, 'test/previous-version/entry.ts'),
  platform: 'node',
  external: /^(?!@rowferry\/)[@\w]/,
  treeshake: { moduleSideEffects: 'no-external' },
  output: {
    file: process.argv[2] ?? join(ROOT, 'test/previous-version/consumer.mjs'),
    format: 'esm',
    banner: `// Rowferry ${version}, made by \`npm run keep:consumer\`. Not to be edited.`,
  },
});
