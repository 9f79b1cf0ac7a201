import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an IP address is reachable by anyone: not private, loopback, link-local, shared, mapped or reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // ipaddr.js also calls the rest of IPv6 unicast, ::7f00:1 included; only 2000::/3 is given out (RFC 4291 §2.4).
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** A name led to no public address. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * A lookup for sockets that hands on public addresses only. As the socket connects to what was checked, a name can't
 * turn private between the check and the connection (DNS rebinding).
 */
export function publicLookup(lookup: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found, family = 0) => {
      if (error) return callback(error, []);
      const addresses = typeof found === 'string' ? [{ address: found, family }] : found;
      const [first, ...others] = addresses.filter(({ address }) => isPublicAddress(address));
      if (!first) return callback(new PrivateAddressError(`${hostname} has no public address`), []);
      if (options.all) return callback(null, [first, ...others]);
      return callback(null, first.address, first.family);
    });
}
