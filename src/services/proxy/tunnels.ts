import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { Logger } from '../log.ts';
import type { ProxyFor, Target } from './proxies.ts';
import { nameOf, ProxyError } from './proxy-error.ts';
import { openTunnel } from './tunnel.ts';

/** Opens tunnels through the proxies, for everything that the bot connects to. */
export interface Tunnels {
  /** Throws {@link ProxyError}. Null when the target is reached directly. */
  open(target: Target): Promise<Socket> | null;
  isNeededFor(target: Target): boolean;
}

const CONNECT_WITHIN_MS = 10_000;
/** The number of different problems to remember. */
const REMEMBERED = 100;

/** Logs the problem of a proxy, once until it works again. The callers themselves only log which target they wanted. */
export function createTunnels(options: {
  proxyFor: ProxyFor;
  /** Null when the caller reports problems itself. */
  log: Pick<Logger, 'warn' | 'info' | 'debug'> | null;
  timeoutMs?: number;
}): Tunnels {
  const { proxyFor, log, timeoutMs = CONNECT_WITHIN_MS } = options;
  const troubles = new Map<string, { proxy: string; target: string | null }>();

  function failed(proxy: URL, error: unknown): void {
    if (!(error instanceof ProxyError)) return;
    const { message, wayOut, target } = error;
    log?.[troubles.has(message) ? 'debug' : 'warn'](`${message}. ${wayOut}`);
    if (troubles.size >= REMEMBERED) troubles.clear();
    troubles.set(message, { proxy: nameOf(proxy), target });
  }

  function works(proxy: URL, reached: string): void {
    const name = nameOf(proxy);
    const over = [...troubles].filter(
      ([, trouble]) => trouble.proxy === name && (trouble.target ?? reached) === reached,
    );
    for (const [message] of over) troubles.delete(message);
    if (over.length > 0) log?.info(`the proxy ${name} works again`);
  }

  async function openBy(proxy: URL, { hostname, port }: Target): Promise<Socket> {
    try {
      const socket = await openTunnel(proxy, hostname, port, timeoutMs);
      works(proxy, `${hostname}:${port}`);
      return socket;
    } catch (error) {
      failed(proxy, error);
      throw error;
    }
  }

  return {
    open(target) {
      const proxy = proxyFor(target);
      return proxy && openBy(proxy, target);
    },
    isNeededFor: (target) => proxyFor(target) !== null,
  };
}

/** A connector for undici that uses the target's proxy, if there is one, also for plain HTTP. */
export function byProxy(
  connect: buildConnector.connector,
  options: {
    tunnels: Tunnels | null | undefined;
    /** Rejects when the bot must not connect to a name. */
    check?: (hostname: string) => Promise<void>;
  },
): buildConnector.connector {
  const { tunnels, check } = options;
  if (!tunnels) return connect;

  async function openTo(target: Target): Promise<Socket | null> {
    if (!tunnels?.isNeededFor(target)) return null;
    await check?.(target.hostname);
    return tunnels.open(target);
  }

  return (options, callback) => {
    const { protocol, hostname } = options;
    const port = Number(options.port) || (protocol === 'https:' ? 443 : 80);
    openTo({ protocol, hostname, port }).then(
      (socket) => {
        if (socket === null) connect(options, callback);
        else if (protocol === 'https:') connect({ ...options, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error) => callback(error, null),
    );
  };
}
