import { BlockList, isIP } from 'node:net';
import type { Request } from 'express';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach what listens on this host. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const version = isIP(name);
  return version !== 0 && loopback.check(name, version === 6 ? 'ipv6' : 'ipv4');
}

/** What proxies say of the client whose request they pass on. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** Whether a client of this machine asked for it by a loopback name, and through no proxy. */
export function isAskedOnLoopback({ headers }: Request): boolean {
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return false;
  return isLoopback(URL.parse(`http://${headers.host ?? ''}`)?.hostname ?? '');
}

/**
 * Whether a request comes from this machine, and neither from a page of some site in its browser nor from elsewhere
 * through a proxy on this machine. Any page can send a form to http://127.0.0.1 (it carries that page's `Origin`), and a
 * site whose name points to 127.0.0.1 could read the answer too (it carries that name as `Host`).
 */
export function isLocalRequest(request: Request, allowedOrigins: readonly string[]): boolean {
  if (!isAskedOnLoopback(request)) return false;
  const { host, origin, 'sec-fetch-site': site } = request.headers;
  // An image or a link of another site comes without Origin; browsers say whose page asks.
  if (origin === undefined) return site === undefined || site === 'same-origin' || site === 'none';
  return URL.parse(origin)?.host === URL.parse(`http://${host}`)?.host || allowedOrigins.includes(origin);
}
