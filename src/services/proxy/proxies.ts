import { ConfigError } from '../config-error.ts';

/** Where a connection goes to. */
export interface Target {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number;
}

/** The proxy for a target; null where it is reached directly. */
export type ProxyFor = (target: Target) => URL | null;

const LOOPBACK = 'localhost,127.0.0.0/8,::1';

/**
 * Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in either case of letters. Null where there is no proxy. Without NO_PROXY
 * this machine itself is reached directly. Throws {@link ConfigError}.
 */
export function readProxies(env: Record<string, string | undefined>): ProxyFor | null {
  const read = (name: string) => env[name.toLowerCase()] ?? env[name];
  const http = parse('HTTP_PROXY', read('HTTP_PROXY'));
  const https = parse('HTTPS_PROXY', read('HTTPS_PROXY')) ?? http;
  if (!http && !https) return null;
  const direct = (read('NO_PROXY') ?? LOOPBACK)
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(rule);
  return (target) => {
    if (direct.some((fits) => fits(target))) return null;
    return /^(?:https|wss):$/.test(target.protocol) ? https : http;
  };
}

function parse(name: string, text = ''): URL | null {
  if (text.trim() === '') return null;
  const url = URL.parse(text.includes('://') ? text.trim() : `http://${text.trim()}`);
  if (url && /^https?:$/.test(url.protocol) && url.hostname) return url;
  throw new ConfigError([
    `${name} must be the address of an HTTP proxy, as in http://user:password@10.0.0.1:3128`,
  ]);
}

/** `*`, a name with those below it, one address, 127.0.0.0/8; each with or without a port. */
function rule(entry: string): (target: Target) => boolean {
  const [, host = '', port] =
    /^\[?(.+?)\]?(?::(\d+))?$/.exec(/:.*:/.test(entry) && !entry.startsWith('[') ? `[${entry}]` : entry) ??
    [];
  const name = host.replace(/^\*?\.(?=.)/, '').toLowerCase();
  return (target) => {
    if (port !== undefined && Number(port) !== target.port) return false;
    const hostname = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    if (name === '127.0.0.0/8') return /^127(?:\.\d+){3}$/.test(hostname);
    return name === '*' || hostname === name || hostname.endsWith(`.${name}`);
  };
}
