/** What makes the page look like the console: its header, type and colours, light and dark. Swagger UI has the rest. */
export const DOCS_STYLE = `:root {
  --ground: #ffffff;
  --text: #212529;
  --dimmed: #545b64;
  --line: #dee2e6;
  --accent: #1864ab;
  --accent-ground: #e7f5ff;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  color-scheme: light;
}

:root.dark-mode {
  --ground: #242424;
  --text: #e9ecef;
  --dimmed: #a6adb4;
  --line: #424242;
  --accent: #74c0fc;
  --accent-ground: #1b2a3a;
  color-scheme: dark;
}

html:root body,
html:root .swagger-ui,
html:root .swagger-ui .scheme-container {
  background: var(--ground);
}

body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.55 var(--font);
}

.header {
  position: sticky;
  top: 0;
  z-index: 10;
  border-bottom: 1px solid var(--line);
  background: var(--ground);
}

.header > div {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 4px 16px;
  box-sizing: border-box;
  max-width: 1140px;
  min-height: 56px;
  margin: 0 auto;
  padding: 4px 16px;
}

.header .name {
  color: var(--text);
  font-size: 1.125rem;
  font-weight: 700;
  text-decoration: none;
}

.header nav {
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
}

.header nav a {
  padding: 6px 12px;
  border-radius: 8px;
  color: var(--accent);
  font-size: 0.875rem;
  font-weight: 600;
  text-decoration: none;
}

.header nav a:hover,
.header nav a[aria-current] {
  background: var(--accent-ground);
}

@media (max-width: 760px) {
  .header nav {
    order: 1;
    width: 100%;
  }

  .header nav a {
    padding: 6px 8px;
  }
}

.header button {
  width: 30px;
  height: 30px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--ground);
  color: var(--text);
  font: inherit;
  cursor: pointer;
}

:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

.swagger-ui,
.swagger-ui .info .title,
.swagger-ui .opblock-tag,
.swagger-ui .opblock .opblock-summary-description,
.swagger-ui .opblock-description-wrapper p,
.swagger-ui .btn,
.swagger-ui label,
.swagger-ui select,
.swagger-ui input,
.swagger-ui section.models h4,
.swagger-ui .tab li,
.swagger-ui table thead tr td,
.swagger-ui table thead tr th,
.swagger-ui .response-col_status,
.swagger-ui .parameter__name,
.swagger-ui .info li,
.swagger-ui .info p,
.swagger-ui .markdown p,
.swagger-ui .renderedMarkdown p {
  font-family: var(--font);
}

.swagger-ui .wrapper {
  max-width: 1140px;
  padding: 0 16px;
}

.swagger-ui .info {
  margin: 24px 0;
}

.swagger-ui .info .title {
  font-size: 1.5rem;
  font-weight: 650;
}

.swagger-ui .opblock-tag {
  font-size: 1.15rem;
}

.swagger-ui .scheme-container {
  margin: 0 0 16px;
  padding: 16px 0;
  border-block: 1px solid var(--line);
  box-shadow: none;
}

/* White on them can be read (WCAG 2.2, 1.4.3). */
html:root .swagger-ui .opblock .opblock-summary-method {
  color: #ffffff;
  font-family: var(--font);
  text-shadow: none;
}

html:root .swagger-ui .opblock-get .opblock-summary-method {
  background: #1864ab;
}

html:root .swagger-ui .opblock-post .opblock-summary-method {
  background: #087f5b;
}

html:root .swagger-ui .opblock-put .opblock-summary-method {
  background: #a34700;
}

html:root .swagger-ui .opblock-delete .opblock-summary-method {
  background: #c92a2a;
}

html:root .swagger-ui .btn.authorize {
  border-color: var(--accent);
  color: var(--accent);
}

html:root .swagger-ui .btn.authorize svg {
  fill: var(--accent);
}

.swagger-ui .opblock,
.swagger-ui .btn,
.swagger-ui select,
.swagger-ui input {
  border-radius: 8px;
  box-shadow: none;
}

.swagger-ui .info,
.swagger-ui .info .title,
.swagger-ui .opblock-tag,
.swagger-ui .opblock-summary-path,
.swagger-ui .opblock-summary-description {
  color: var(--text);
}

.swagger-ui .info .title small {
  top: 0;
  margin-inline-start: 8px;
  background: var(--dimmed);
  vertical-align: middle;
}

html:root .swagger-ui .info .title small pre,
html:root .swagger-ui .info .title small.version-stamp {
  background: none;
  color: var(--ground);
}

html:root.dark-mode .swagger-ui .info .title small pre {
  color: var(--text);
}

.swagger-ui .opblock-tag small,
.swagger-ui .info .base-url,
.swagger-ui .parameter__type,
.swagger-ui .parameter__in {
  color: var(--dimmed);
}

.swagger-ui a,
.swagger-ui .info a {
  color: var(--accent);
}
`;
