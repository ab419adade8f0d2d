import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { openApiDocument } from '../contract/document.ts';
import { type Route, serve } from '../contract/serve.ts';
import { type DOCS_ASSETS, showDocs, showDocsAsset, showDocument } from './contract.ts';
import { DOCS_PAGE, DOCS_POLICY, DOCS_START } from './page.ts';

const { resolve } = createRequire(import.meta.url);

/** The OpenAPI document of `others` and of these routes themselves, and the page that shows it. */
export function docsRoutes(others: readonly Route[]): Route[] {
  const document = openApiDocument([...others.map(({ contract }) => contract), showDocument, showDocs, showDocsAsset]);

  return [
    serve(showDocument, () => ({ status: 200, body: { ...document } })),
    serve(showDocs, () => ({ status: 200, headers: { 'Content-Security-Policy': DOCS_POLICY }, body: DOCS_PAGE })),
    serve(showDocsAsset, async ({ path }, _request, response) => {
      response
        .set('Cache-Control', 'public, max-age=3600')
        .type(path.asset.endsWith('.css') ? 'css' : 'js')
        .send(await readAsset(path.asset));
      return undefined;
    }),
  ];
}

function readAsset(asset: (typeof DOCS_ASSETS)[number]): string | Promise<string> {
  return asset === 'start.js' ? DOCS_START : readFile(resolve(`swagger-ui-dist/${asset}`), 'utf8');
}
