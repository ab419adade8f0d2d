import { promises as dns, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** The address of a webhook, or all that its name has, are none that may be called. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/** All addresses of a name. */
export type Resolve = (hostname: string, options: LookupOptions) => Promise<LookupAddress[]>;

const resolveBySystem: Resolve = (hostname, options) => dns.lookup(hostname, { ...options, all: true });

/**
 * A lookup for a connection that gives it the allowed ones of a name's addresses and no others. The connection is made to an
 * address of this very answer, so a name that has another address a moment later (DNS rebinding) gains nothing.
 *
 * The connection fails with AddressRefusedError where none of them is allowed.
 */
export function guardedLookup(
  isAllowed: (address: string) => boolean,
  resolve: Resolve = resolveBySystem,
): LookupFunction {
  return (hostname, options, callback) => {
    allowedAddresses(hostname, options).then(
      ([first, ...others]) => {
        if (options.all === true) callback(null, [first, ...others]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };

  async function allowedAddresses(
    hostname: string,
    options: LookupOptions,
  ): Promise<[LookupAddress, ...LookupAddress[]]> {
    const found = await resolve(hostname, options);
    const [first, ...others] = found.filter(({ address }) => isAllowed(address));
    if (first === undefined) throw new AddressRefusedError('the name has no public address');
    return [first, ...others];
  }
}
