import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { DocsAsset } from './contract.ts';
import { DOCS_SCHEME, docsStart } from './page.ts';
import { DOCS_STYLE } from './style.ts';

const { resolve } = createRequire(import.meta.url);
const compress = promisify(gzip);

/** What each is made of. @param prefix under which clients see this server. */
const SOURCES: Record<DocsAsset, (prefix: string) => Promise<Buffer> | Buffer> = {
  'swagger-ui.css': () => readFile(resolve('swagger-ui-dist/swagger-ui.css')),
  'swagger-ui-bundle.js': () => readFile(resolve('swagger-ui-dist/swagger-ui-bundle.js')),
  'style.css': () => Buffer.from(DOCS_STYLE),
  'scheme.js': () => Buffer.from(DOCS_SCHEME),
  'start.js': (prefix) => Buffer.from(docsStart(prefix)),
};

/** The files of the page. Compressed once a process: Swagger UI has 1.9 MB, and a quarter of that so. */
export class DocsAssets {
  readonly #compressed = new Map<DocsAsset, Promise<Buffer>>();
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  async read(asset: DocsAsset): Promise<Buffer> {
    return SOURCES[asset](this.#prefix);
  }

  readCompressed(asset: DocsAsset): Promise<Buffer> {
    const compressed = this.#compressed.get(asset) ?? this.read(asset).then((content) => compress(content));
    this.#compressed.set(asset, compressed);
    return compressed;
  }
}
