import { isIP, isIPv6 } from 'node:net';
import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/** One customer has a /64 at least (RFC 6177), and any address of it. */
const IPV6_PREFIX = 64;

/** Whom limits count as one: a key or token, otherwise an address. A client that sends wrong credentials, again and again, is counted by address. */
export function callerKey({ caller, ip = '', socket }: Pick<Request, 'caller' | 'ip' | 'socket'>): string {
  if (caller?.kind === 'known') return caller.id;
  return addressKey(ip) ?? addressKey(socket.remoteAddress ?? '') ?? 'unknown';
}

/**
 * The address of a client; of IPv6 its network. Some proxies write the port too, which is another for each connection:
 * `192.0.2.7:4711`, `[2001:db8::1]:4711`.
 */
function addressKey(text: string): string | undefined {
  const bare = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const [zoneless = ''] = bare.split('%');
  const address = /^::ffff:([\d.]+)$/i.exec(zoneless)?.[1] ?? zoneless;
  if (isIP(address) === 0) return undefined;
  return isIPv6(address) ? ipKeyGenerator(address, IPV6_PREFIX) : address;
}
