import type { OpenApiDocument } from '../document.ts';
import { type Route, serve } from '../serve.ts';
import { DocsAssets } from './assets.ts';
import * as contract from './contract.ts';
import { eventsDocument } from './events-document.ts';
import { DOCS_POLICY, docsPage } from './page.ts';

/** The API's OpenAPI document, the page that shows it, and the document of the events. */
export function docsRoutes(document: OpenApiDocument): Route[] {
  let assets: DocsAssets | undefined;
  let events: ReturnType<typeof eventsDocument> | undefined;
  return [
    serve(contract.showDocument, (_input, { publicPrefix }) => ({
      status: 200,
      body:
        publicPrefix === ''
          ? { ...document }
          : { ...document, servers: [{ ...document.servers?.[0], url: publicPrefix }] },
    })),
    serve(contract.showEventsDocument, () => {
      events ??= eventsDocument();
      return { status: 200, body: events };
    }),
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
