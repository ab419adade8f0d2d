/**
 * `npm run build:console -- [directory]` builds the console, into its `dist/` unless another directory is given: first the
 * types of its client, from the API's own OpenAPI document, so that the two cannot differ; then the page.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
