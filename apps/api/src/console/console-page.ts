import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import express, { type Request, type RequestHandler, Router } from 'express';
import expressStaticGzip from 'express-static-gzip';
import type { SignIn } from '../sign-in/sign-in.ts';
import type { BucketOriginFor } from '../uploads/direct/bucket-origin.ts';
import { CONSOLE } from './console-directory.ts';

const NONCE_BYTES = 16;
/** What the build of the console writes where a nonce belongs. */
const NONCE_PLACE = '__NONCE__';
const BASE_PLACE = '<base href="/">';
/** For files whose name changes with their content. */
const KEPT_FOR_EVER = 'public, max-age=31536000, immutable';
const KEPT_FOR_AN_HOUR = 'public, max-age=3600';

/**
 * The console: its files, and its page at every path that is not the API's, for browsers, which say that they want HTML. The
 * page asks no other host for anything but the issuer where people sign in and the bucket to which it sends large files, and
 * holds no data: a key or token is wanted only for what it asks the API.
 *
 * @param apiPaths what begins like one of these is the API's, also where there is nothing: a browser is told so as well.
 */
export function consolePage(
  apiPaths: readonly string[],
  { signIn, bucketOriginFor }: { signIn: SignIn | undefined; bucketOriginFor: BucketOriginFor },
): RequestHandler {
  const apiRoots = new Set(apiPaths.map(rootOf));
  const router = Router();
  router.use('/assets', compressedFilesIn(join(CONSOLE, 'assets')), withoutEncoding);
  router.use('/icon.svg', iconIn(join(CONSOLE, 'icon.svg')));
  // No route: what is at no path is counted as such, whatever it is called.
  router.use(async (request, response, next) => {
    if (!wantsPage(request)) return next();
    const page = await readPage();
    if (page === undefined) return next();
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    const html = page.replaceAll(NONCE_PLACE, nonce).replace(BASE_PLACE, `<base href="${request.publicPrefix}/">`);
    const otherHosts = [signIn && new URL(signIn.issuer).origin, await bucketOriginFor(request)];
    response.set({
      'Content-Security-Policy': policyWith(nonce, otherHosts),
      'Content-Type': 'text/html; charset=utf-8',
    });
    response.send(html);
  });
  return (request, response, next) => {
    if (apiRoots.has(rootOf(request.path))) next();
    else router(request, response, next);
  };
}

/** `/v1` of `/v1/uploads/{id}`. */
function rootOf(path: string): string {
  return path.split('/', 2).join('/');
}

function wantsPage(request: Request): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return request.accepts(['json', 'html']) === 'html';
}

/** The build has left a copy in brotli and one in gzip beside each file that gets smaller. */
function compressedFilesIn(directory: string): RequestHandler {
  return expressStaticGzip(directory, {
    index: false,
    enableBrotli: true,
    orderPreference: ['br', 'gz'],
    serveStatic: { index: false, redirect: false, setHeaders: keep(KEPT_FOR_EVER) },
  });
}

/** Said of a file that went with a build meanwhile: the answer that there is none is as it is. */
const withoutEncoding: RequestHandler = (_request, response, next) => {
  response.removeHeader('Content-Encoding');
  next();
};

function iconIn(path: string): RequestHandler {
  return express.static(path, { index: false, redirect: false, setHeaders: keep(KEPT_FOR_AN_HOUR) });
}

function keep(cacheControl: string) {
  return (response: ServerResponse) => response.setHeader('Cache-Control', cacheControl);
}

/** Read each time: `npm run build:console` beside a server that runs is seen at once, and a page has 1 KB. */
async function readPage(): Promise<string | undefined> {
  try {
    return await readFile(join(CONSOLE, 'index.html'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Styles need the nonce, because Mantine makes style elements; scripts are files alone.
 *
 * @param otherHosts which the page may ask beside its own.
 */
function policyWith(nonce: string, otherHosts: readonly (string | undefined)[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    `connect-src ${["'self'", ...otherHosts].filter((host) => host !== undefined).join(' ')}`,
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
