/**
 * `npm run build:console -- [directory]` builds the console, into its `dist/` unless another directory is given: first the
 * types of its client, from the API's own OpenAPI document, so that the two cannot differ; then the page; then a copy of each
 * script and style in brotli and in gzip, so that the API need not compress them for each browser.
 */
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { apiDocument } from '@rowferry/api/document';
import { COLUMNS } from '@rowferry/roster';
import openapiTS, { astToString } from 'openapi-typescript';
import { build } from 'vite';

const directory = join(import.meta.dirname, '..');

// The same document: two libraries have types of their own for it.
const document = JSON.stringify(apiDocument());
await writeFile(join(directory, 'src/api/schema.d.ts'), astToString(await openapiTS(document)));
await writeFile(
  join(directory, 'src/api/columns.ts'),
  `/** Made by the build: the columns of an employee, in their order. */\nexport const COLUMNS = ${JSON.stringify(COLUMNS)} as const;\n`,
);
const outDir = process.argv[2] ?? join(directory, 'dist');
await build({ configFile: join(directory, 'vite.config.ts'), logLevel: 'warn', build: { outDir, emptyOutDir: true } });

for await (const file of glob('assets/*.{js,css}', { cwd: outDir })) {
  const path = join(outDir, file);
  const content = await readFile(path);
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content));
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
}
