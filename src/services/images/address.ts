import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address is reachable by anyone: not private, loopback, link-local, shared, mapped or reserved, no service of
 * the cloud that the bot may run in, and not in `own`, the networks of this machine (in CIDR notation).
 */
export function isPublicAddress(address: string, own: readonly string[] = ownNetworks()): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // ipaddr.js also calls the rest of IPv6 unicast, ::7f00:1 included; only 2000::/3 is given out (RFC 4291 §2.4).
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST)) return false;
  const withheld = [...CLOUD_SERVICES, ...own].map(readNetwork);
  return ipaddr.subnetMatch(parsed, { withheld }, 'public') === 'public';
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Of public ranges, but answered inside one cloud alone, and there with more than strangers should have. */
const CLOUD_SERVICES = [
  // learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  '168.63.129.16/32',
  // cloud.ibm.com/docs/vpc?topic=vpc-service-endpoints-for-vpc
  '161.26.0.0/16',
  '166.8.0.0/14',
];

/**
 * What a firewall keeps from others is open to this machine at its own public address, and at its neighbours' where they have
 * public ones, as every device at home has with IPv6. An IPv4 network of public addresses is strangers' too.
 */
function ownNetworks(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address, family, cidr }) => (family === 'IPv6' && cidr) || address),
  );
}

function readNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

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
