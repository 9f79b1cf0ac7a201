import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Tunnels } from './tunnels.ts';

/** Connects discord.js's gateway through a proxy. */
export interface GatewayRelay {
  /** The URL to connect to instead; the same one if it needs no proxy. */
  addressFor(gateway: string): string;
  /** Why the latest connection failed; null if it didn't. discord.js only learns a status. */
  problem(): Error | null;
}

/**
 * discord.js opens the gateway's WebSocket itself, and has no setting for a proxy. So it gets a URL on loopback, from
 * which this relay forwards to the gateway and nowhere else.
 */
export async function startGatewayRelay(tunnels: Tunnels): Promise<GatewayRelay> {
  const targets = new Map<string, URL>();
  let problem: Error | null = null;
  const server = createServer((_, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const [path = '', query] = (request.url ?? '').split('?');
    const target = targets.get(path);
    if (!target) return socket.destroy();
    return handOn(target, query, { request, socket, head }).then(
      () => {
        problem = null;
      },
      (error: unknown) => {
        problem = error instanceof Error ? error : new Error(String(error));
        socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      },
    );
  });

  async function handOn(
    target: URL,
    query: string | undefined,
    from: { request: IncomingMessage; socket: Duplex; head: Buffer },
  ) {
    const tunnel = await tunnels.open(targetOf(target));
    if (!tunnel) throw new Error('the gateway needs no proxy');
    from.socket.on('close', () => tunnel.destroy());
    if (from.socket.destroyed) tunnel.destroy();
    const socket = await secured(target, tunnel);
    const { rawHeaders } = from.request;
    const lines = rawHeaders.flatMap((name, index) =>
      index % 2 ? [] : [`${name}: ${/^host$/i.test(name) ? target.host : rawHeaders[index + 1]}`],
    );
    const path = `${target.pathname}${query === undefined ? '' : `?${query}`}`;
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.write(from.head);
    from.socket.pipe(socket).pipe(from.socket);
    socket.on('error', () => from.socket.destroy()).on('close', () => from.socket.destroy());
    from.socket.on('close', () => socket.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    addressFor(gateway) {
      const url = new URL(gateway);
      if (!tunnels.isNeededFor(targetOf(url))) return gateway;
      const path = `/${encodeURIComponent(url.host + url.pathname)}`;
      targets.set(path, url);
      return `ws://127.0.0.1:${port}${path}`;
    },
    problem: () => problem,
  };
}

async function secured({ protocol, hostname }: URL, tunnel: Socket): Promise<Socket> {
  if (protocol !== 'wss:') return tunnel;
  const socket = connectTls({ socket: tunnel, servername: hostname });
  await once(socket, 'secureConnect');
  return socket;
}

function targetOf({ protocol, hostname, port }: URL) {
  return { protocol, hostname, port: Number(port) || (protocol === 'wss:' ? 443 : 80) };
}
