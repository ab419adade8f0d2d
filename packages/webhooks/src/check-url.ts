import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Characters of a webhook's URL. */
export const WEBHOOK_URL_MAX = 2048;

const ALLOW = 'WEBHOOK_ALLOW_PRIVATE of the API and the worker allows it';

export type UrlRules = {
  /** Whether private addresses and http may be used: on a developer's machine, in a closed network. */
  allowPrivate: boolean;
};

export type CheckedUrl = { ok: true; url: URL } | { ok: false; fault: string };

/** Checks the URL of a webhook as far as that can be done without DNS. `fault` says what must be otherwise. */
export function checkWebhookUrl(text: string, { allowPrivate }: UrlRules): CheckedUrl {
  if (text.length > WEBHOOK_URL_MAX) return refused(`must have at most ${WEBHOOK_URL_MAX} characters`);
  // A URL parser takes them out in silence.
  if (/[\s\p{Cc}]/u.test(text)) return refused('must not have spaces, line ends or control characters');
  const url = URL.parse(text);
  if (url === null) return refused('must be an absolute URL such as https://example.com/rowferry');
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    return refused(
      `must begin with https://${allowPrivate ? ' or http://' : `; http:// is for trying out (${ALLOW})`}`,
    );
  if (url.username !== '' || url.password !== '')
    return refused('must not have a user name or password; deliveries are signed, and the path may have a token');
  if (text.includes('#')) return refused('must not have a fragment (#…): it is never sent');
  if (!allowPrivate && !isPublicHost(hostOf(url)))
    return refused(
      `must be of a host on the public internet, not of a private, loopback or link-local address (${ALLOW})`,
    );
  return { ok: true, url };
}

/** The host of a URL; an address of IPv6 without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The parser writes every form of an address (`0x7f.1`, `2130706433`) in the usual one. Names are looked up later. */
function isPublicHost(host: string): boolean {
  if (isIP(host) !== 0) return isPublicAddress(host);
  const labels = host.replace(/\.$/, '').split('.');
  return labels.length > 1 && labels.at(-1) !== 'localhost';
}

function refused(fault: string): CheckedUrl {
  return { ok: false, fault };
}
