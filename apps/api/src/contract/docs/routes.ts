import type { OpenApiDocument } from '../document.ts';
import { type Route, serve } from '../serve.ts';
import { DocsAssets } from './assets.ts';
import * as contract from './contract.ts';
import { DOCS_POLICY, docsPage } from './page.ts';

/** The API's OpenAPI document, and the page that shows it. */
export function docsRoutes(document: OpenApiDocument): Route[] {
  let assets: DocsAssets | undefined;
  return [
    serve(contract.showDocument, (_input, { publicPrefix }) => ({
      status: 200,
      body:
        publicPrefix === ''
          ? { ...document }
          : { ...document, servers: [{ ...document.servers?.[0], url: publicPrefix }] },
    })),
    serve(contract.showDocs, (_input, { publicPrefix }) => ({
      status: 200,
      headers: { 'Content-Security-Policy': DOCS_POLICY },
      body: docsPage(publicPrefix),
    })),
    serve(contract.showDocsAsset, async ({ path: { asset } }, request, response) => {
      assets ??= new DocsAssets(request.publicPrefix);
      response.set({
        'Cache-Control': 'public, max-age=3600',
        'Content-Type': `text/${asset.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`,
        Vary: 'Accept-Encoding',
      });
      if (request.acceptsEncodings('gzip') !== 'gzip') response.send(await assets.read(asset));
      else response.set('Content-Encoding', 'gzip').send(await assets.readCompressed(asset));
      return undefined;
    }),
  ];
}
