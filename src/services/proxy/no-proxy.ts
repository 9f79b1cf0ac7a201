import ipaddr from 'ipaddr.js';

/**
 * Reads a NO_PROXY list: `*`, a name together with the names below it (`.name` is the same, `*.name` leaves out the name
 * itself), an address, or a range (10.0.0.0/8), each with or without a port. An entry of another form matches nothing, as
 * in other programs: the list is often shared with them. undici has the same rules, but no ranges.
 */
export function readNoProxy(list: string): (target: { hostname: string; port: number }) => boolean {
  const rules = list.split(SEPARATORS).filter(Boolean).map(rule);
  return ({ hostname, port }) => {
    const host = { name: bare(hostname), port };
    return rules.some((fits) => fits(host));
  };
}

/** Input methods write other commas. */
const SEPARATORS = /[\s,;，、；]+/;

interface Host {
  readonly name: string;
  readonly port: number;
}

function rule(entry: string): (host: Host) => boolean {
  const { name, port } = split(entry);
  const fits = fitting(name);
  return (host) => (port === null || port === host.port) && fits(host.name);
}

/** An IPv6 address contains colons, so with a port it is in brackets. */
function split(entry: string): { name: string; port: number | null } {
  const isIpv6Alone = /:.*:/.test(entry) && !entry.startsWith('[');
  const [, name = entry, port] = (!isIpv6Alone && /^(.+):(\d+)$/.exec(entry)) || [];
  return { name: bare(name), port: port === undefined ? null : Number(port) };
}

function fitting(name: string): (hostname: string) => boolean {
  if (name === '*') return () => true;
  const range = rangeOf(name);
  if (range) return (hostname) => isWithin(hostname, range);
  const parent = name.replace(/^\*?\./, '');
  const isForSubdomainsAlone = name.startsWith('*');
  return (hostname) => hostname.endsWith(`.${parent}`) || (!isForSubdomainsAlone && hostname === parent);
}

type Range = ReturnType<typeof ipaddr.parseCIDR>;

function rangeOf(name: string): Range | null {
  if (ipaddr.isValidCIDR(name)) return ipaddr.parseCIDR(name);
  if (!ipaddr.isValid(name)) return null;
  const address = ipaddr.process(name);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isWithin(hostname: string, [network, bits]: Range): boolean {
  if (!ipaddr.isValid(hostname)) return false;
  const address = ipaddr.process(hostname);
  return address.kind() === network.kind() && address.match(network, bits);
}

/** Without brackets, and without the dot that ends a fully qualified name. */
function bare(name: string): string {
  return name
    .replace(/^\[(.+)\](\/\d+)?$/, '$1$2')
    .replace(/(?<=.)\.$/, '')
    .toLowerCase();
}
