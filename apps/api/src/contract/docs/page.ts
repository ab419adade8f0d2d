/** The page: Swagger UI from this server, which clients see under `prefix`. Script and style are files of their own, so that the CSP needs no exception. */
export function docsPage(prefix: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Rowferry API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${prefix}/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="${prefix}/docs/swagger-ui-bundle.js"></script>
    <script src="${prefix}/docs/start.js"></script>
  </body>
</html>
`;
}

/** Without `validatorUrl: null` Swagger UI sends the document's address to a validator on another host. */
export function docsStart(prefix: string): string {
  return `SwaggerUIBundle({
  url: '${prefix}/openapi.json',
  dom_id: '#docs',
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
});
`;
}

/** For this page only: Swagger UI sets style attributes and has its pictures in data: URLs. */
export const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
