import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/**
 * Whether anyone on the internet can reach an IP address. False for private, loopback, link-local, shared, mapped and
 * reserved ones, for the internal services of clouds, and for `own`, the networks of this machine (in CIDR notation).
 */
export function isPublicAddress(address: string, own: readonly string[] = ownNetworks()): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // ipaddr.js also calls the rest of IPv6 unicast, ::7f00:1 included; only 2000::/3 is assigned (RFC 4291 §2.4).
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST)) return false;
  const withheld = [...CLOUD_SERVICES, ...own].map(readNetwork);
  return ipaddr.subnetMatch(parsed, { withheld }, 'public') === 'public';
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** These look public, but only answer inside one cloud, where they serve secrets that strangers must not reach. */
const CLOUD_SERVICES = [
  // learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  '168.63.129.16/32',
  // cloud.ibm.com/docs/vpc?topic=vpc-service-endpoints-for-vpc
  '161.26.0.0/16',
  '166.8.0.0/14',
];

/**
 * This machine reaches its own public address from behind the firewall, and its neighbours' public addresses too: with
 * IPv6 every device at home has one. Of IPv4 only the own address counts, since strangers share a public IPv4 network.
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

/** A name resolved to no public address. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * A lookup for sockets that returns public addresses only. The socket connects to the address that was checked, so a
 * name can't turn private between the check and the connection (DNS rebinding).
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
