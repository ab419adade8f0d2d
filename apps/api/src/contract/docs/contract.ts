import { z } from 'zod';
import { defineRoute } from '../route.ts';

/** What the page at /docs loads; nothing of it comes from another host. */
const DOCS_ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'style.css', 'scheme.js', 'start.js'] as const;

export type DocsAsset = (typeof DOCS_ASSETS)[number];

export const showDocument = defineRoute({
  method: 'get',
  path: '/openapi.json',
  operationId: 'showDocument',
  tag: 'Operating',
  summary: 'This document',
  description: 'The OpenAPI 3.1 document of this API, made from what checks its requests.',
  scope: null,
  answers: {
    200: {
      description: 'The document.',
      schema: z.looseObject({ openapi: z.string().max(10) }),
      example: { openapi: '3.1.0', info: { title: 'Rowferry' }, paths: {} },
    },
  },
  problems: [],
});

export const showEventsDocument = defineRoute({
  method: 'get',
  path: '/asyncapi.json',
  operationId: 'showEventsDocument',
  tag: 'Operating',
  summary: 'The events that are published',
  description: 'The AsyncAPI 3.0 document of the events, made from their schemas.',
  scope: null,
  answers: {
    200: {
      description: 'The document.',
      schema: z.looseObject({ asyncapi: z.string().max(10) }),
      example: { asyncapi: '3.0.0', info: { title: 'Rowferry events' }, channels: {} },
    },
  },
  problems: [],
});

export const showDocs = defineRoute({
  method: 'get',
  path: '/docs',
  operationId: 'showDocs',
  tag: 'Operating',
  summary: 'The API as a page to read and try',
  description: 'Loads nothing from other hosts.',
  scope: null,
  answers: {
    200: {
      description: 'The page.',
      contentType: 'text/html',
      schema: z.string().max(10_000),
      example: '<!doctype html>\n<html lang="en">…</html>\n',
    },
  },
  problems: [],
});

export const showDocsAsset = defineRoute({
  method: 'get',
  path: '/docs/{asset}',
  operationId: 'showDocsAsset',
  tag: 'Operating',
  summary: 'What the page loads',
  description: 'Styles and scripts of the page, compressed where the client takes gzip.',
  scope: null,
  parameters: { path: z.object({ asset: z.enum(DOCS_ASSETS, { error: `must be one of ${DOCS_ASSETS.join(', ')}` }) }) },
  answers: {
    200: {
      description: 'The file.',
      contentType: '*/*',
      schema: z.string().max(10_000_000),
      example: '.swagger-ui .info { margin: 50px 0 }',
    },
  },
  problems: [],
});
