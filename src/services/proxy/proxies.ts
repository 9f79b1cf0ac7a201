import { ConfigError } from '../config-error.ts';
import { readNoProxy } from './no-proxy.ts';

/** The target of a connection. */
export interface Target {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number;
}

/** The proxy for a target; null when it is reached directly. */
export type ProxyFor = (target: Target) => URL | null;

const LOOPBACK = 'localhost,127.0.0.0/8,::1';

/** The first of them that is set counts. HTTP_PROXY alone is for everything, as in undici. */
const FOR_HTTPS = ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY'];
const FOR_HTTP = ['HTTP_PROXY', 'ALL_PROXY'];

/**
 * Reads HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; their lower-case names take precedence. Null without a proxy.
 * Without NO_PROXY only this machine is reached directly. Throws {@link ConfigError}.
 */
export function readProxies(env: Record<string, string | undefined>): ProxyFor | null {
  const given = [FOR_HTTPS, FOR_HTTP].map((names) => firstSet(env, names));
  const problems = new Set(given.map(problemWith).filter((problem) => problem !== null));
  if (problems.size > 0) throw new ConfigError([...problems]);
  const [https = null, http = null] = given.map((found) => found && addressIn(found.value));
  if (!https && !http) return null;
  // An empty NO_PROXY means that nothing is reached directly.
  const isDirect = readNoProxy(env.no_proxy ?? env.NO_PROXY ?? LOOPBACK);
  return (target) => {
    if (isDirect(target)) return null;
    return /^(?:https|wss):$/.test(target.protocol) ? https : http;
  };
}

interface Given {
  readonly name: string;
  readonly value: string;
}

/** The first that is not empty. */
function firstSet(env: Record<string, string | undefined>, names: readonly string[]): Given | null {
  for (const name of names.flatMap((upper) => [upper.toLowerCase(), upper])) {
    const value = env[name]?.trim();
    if (value) return { name, value };
  }
  return null;
}

/** One line for the operator, which shows nothing of the value: it may hold a password. */
function problemWith(given: Given | null): string | null {
  if (!given) return null;
  const url = addressIn(given.value);
  if (url && /^https?:$/.test(url.protocol) && url.hostname) return null;
  if (url && /^socks/.test(url.protocol)) {
    return `${given.name} names a SOCKS proxy, which the bot cannot use: set HTTPS_PROXY and HTTP_PROXY to an HTTP proxy, ${EXAMPLE} (most programs that offer SOCKS offer one, too, on the same or another port)`;
  }
  return `${given.name} must be the address of an HTTP proxy, ${EXAMPLE}; in a password, write @ : / # % as %40 %3A %2F %23 %25`;
}

const EXAMPLE = 'as in http://user:password@10.0.0.1:3128';

function addressIn(text: string): URL | null {
  return URL.parse(text.includes('://') ? text : `http://${text}`);
}
