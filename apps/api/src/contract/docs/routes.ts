import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { OpenApiDocument } from '../document.ts';
import { type Route, serve } from '../serve.ts';
import * as contract from './contract.ts';
import { DOCS_POLICY, docsPage, docsStart } from './page.ts';

const { resolve } = createRequire(import.meta.url);

/** The API's OpenAPI document, and the page that shows it. */
export function docsRoutes(document: OpenApiDocument): Route[] {
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
    serve(contract.showDocsAsset, async ({ path: { asset } }, { publicPrefix }) => {
      const headers = {
        'Cache-Control': 'public, max-age=3600',
        'Content-Type': `text/${asset.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`,
      };
      return { status: 200, headers, body: await readAsset(asset, publicPrefix) };
    }),
  ];
}

function readAsset(asset: (typeof contract.DOCS_ASSETS)[number], prefix: string): string | Promise<string> {
  return asset === 'start.js' ? docsStart(prefix) : readFile(resolve(`swagger-ui-dist/${asset}`), 'utf8');
}
