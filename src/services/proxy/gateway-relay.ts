import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ProxyFor } from './proxies.ts';
import { openTunnel } from './tunnel.ts';

const CONNECT_WITHIN_MS = 10_000;

/** Leads discord.js's gateway through a proxy. */
export interface GatewayRelay {
  /** The address to connect to instead; the same one where it needs no proxy. */
  addressFor(gateway: string): string;
}

/**
 * discord.js opens the gateway's WebSocket itself and can't be told of a proxy: it is given an address on loopback, whose
 * one use is to be handed on to the gateway. It leads nowhere else.
 */
export async function startGatewayRelay(proxyFor: ProxyFor): Promise<GatewayRelay> {
  const targets = new Map<string, URL>();
  const server = createServer((_, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const [path = '', query] = (request.url ?? '').split('?');
    const target = targets.get(path);
    if (!target) return socket.destroy();
    return handOn(target, query, { request, socket, head }).catch(() => {
      socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  });

  async function handOn(
    target: URL,
    query: string | undefined,
    from: { request: IncomingMessage; socket: Duplex; head: Buffer },
  ) {
    const proxy = proxyFor(targetOf(target));
    if (!proxy) throw new Error('the gateway needs no proxy');
    const { hostname, port } = targetOf(target);
    const tunnel = await openTunnel(proxy, hostname, port, CONNECT_WITHIN_MS);
    const socket = target.protocol === 'wss:' ? connectTls({ socket: tunnel, servername: hostname }) : tunnel;
    socket.on('error', () => from.socket.destroy());
    if (target.protocol === 'wss:') await once(socket, 'secureConnect');
    const { rawHeaders } = from.request;
    const lines = rawHeaders.flatMap((name, index) =>
      index % 2 ? [] : [`${name}: ${/^host$/i.test(name) ? target.host : rawHeaders[index + 1]}`],
    );
    const path = `${target.pathname}${query === undefined ? '' : `?${query}`}`;
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.write(from.head);
    from.socket.pipe(socket).pipe(from.socket);
    socket.on('close', () => from.socket.destroy());
    from.socket.on('close', () => socket.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    addressFor(gateway) {
      const url = new URL(gateway);
      if (!proxyFor(targetOf(url))) return gateway;
      const path = `/${encodeURIComponent(url.host + url.pathname)}`;
      targets.set(path, url);
      return `ws://127.0.0.1:${port}${path}`;
    },
  };
}

function targetOf({ protocol, hostname, port }: URL) {
  return { protocol, hostname, port: Number(port) || (protocol === 'wss:' ? 443 : 80) };
}
