import ipaddr from 'ipaddr.js';

/** Addresses of IPv6 that are given out at all (https://www.iana.org/assignments/ipv6-address-space). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is one of the public internet. Not public are private, loopback and link-local addresses, that of cloud
 * metadata among them, shared ones of carriers, multicast, reserved ones, and those of IPv6 that stand for one of IPv4
 * (mapped, NAT64, 6to4, Teredo): a gateway could lead from them to any of the others. What is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}
