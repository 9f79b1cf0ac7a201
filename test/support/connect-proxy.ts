import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A small proxy on loopback that supports only CONNECT, and resolves every name to this machine. */
export interface ConnectProxy {
  readonly url: string;
  /** The targets that it was asked to connect to, in order. */
  readonly targets: readonly string[];
  /** Refuses everything from now on with this status; null ends that. */
  refuse(status: number | null): void;
  /** Answers nothing from now on. */
  hang(): void;
  /** Ends all connections through it. */
  cut(): void;
  close(): Promise<void>;
}

export async function startConnectProxy(): Promise<ConnectProxy> {
  const targets: string[] = [];
  const open = new Set<Duplex>();
  let refusal: number | null = null;
  let hangs = false;
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, socket) => {
    targets.push(request.url ?? '');
    open.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    if (hangs) return undefined;
    if (refusal !== null) return socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 0\r\n\r\n`);
    // Only the proxy resolves the names, all to this machine.
    const upstream = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1');
    upstream.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'));
    upstream.on('connect', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    socket.on('close', () => upstream.destroy());
    return undefined;
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    refuse(status) {
      refusal = status;
    },
    hang() {
      hangs = true;
    },
    cut,
    async close() {
      cut();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
