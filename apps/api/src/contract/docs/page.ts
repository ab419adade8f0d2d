/**
 * The page: Swagger UI from this server, which clients see under `prefix`, below the console's header. Scripts and styles are files
 * of their own, so that the CSP needs no exception.
 */
export function docsPage(prefix: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>API · Rowferry</title>
    <link rel="icon" href="${prefix}/icon.svg">
    <script src="${prefix}/docs/scheme.js"></script>
    <link rel="stylesheet" href="${prefix}/docs/swagger-ui.css">
    <link rel="stylesheet" href="${prefix}/docs/style.css">
  </head>
  <body>
    <header class="header">
      <div>
        <a class="name" href="${prefix}/">Rowferry</a>
        <nav aria-label="Pages">
          <a href="${prefix}/">Send</a>
          <a href="${prefix}/uploads">Uploads</a>
          <a href="${prefix}/employees">People</a>
          <a href="${prefix}/webhooks">Webhooks</a>
          <a href="${prefix}/operate">Operate</a>
          <a href="${prefix}/docs" aria-current="page">API</a>
        </nav>
        <button id="scheme" type="button"></button>
      </div>
    </header>
    <main id="docs"></main>
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

/**
 * Light or dark as was chosen in the console, where Mantine keeps it, else as the browser says. Before the page is drawn, so
 * that it does not flash.
 */
export const DOCS_SCHEME = `const ITEM = 'mantine-color-scheme-value';
const preference = matchMedia('(prefers-color-scheme: dark)');

function isDark() {
  const chosen = localStorage.getItem(ITEM);
  return chosen === 'dark' || (chosen !== 'light' && preference.matches);
}

function draw() {
  document.documentElement.classList.toggle('dark-mode', isDark());
  const button = document.querySelector('#scheme');
  if (button === null) return;
  button.textContent = isDark() ? '☀' : '☾';
  button.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
}

draw();
preference.addEventListener('change', draw);
document.addEventListener('DOMContentLoaded', () => {
  draw();
  document.querySelector('#scheme').addEventListener('click', () => {
    localStorage.setItem(ITEM, isDark() ? 'light' : 'dark');
    draw();
  });
});
`;

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
