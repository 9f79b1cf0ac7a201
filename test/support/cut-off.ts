import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A line to a server on loopback, in the middle of which a test does what networks do. */
export interface Line {
  /** The same address, by this line. */
  readonly url: string;
  /** From now on nothing gets through in either direction, and nobody is told. */
  swallow(): void;
  /** Lets everything through again, for whoever connects anew. */
  restore(): void;
  /** Breaks a connection once this has arrived on it, so often; the answer is lost. */
  cutAfter(words: string, times?: { readonly times: number }): void;
  /** Swallows everything from the moment on at which this has arrived. */
  swallowAfter(words: string): void;
  breakAll(): void;
  close(): void;
}

export async function createLine(url: string): Promise<Line> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isOpen = true;
  let last = { words: '', times: 0 };
  let lastHeard: string | null = null;

  const server = createServer((client) => {
    const target = connect(Number(port), hostname);
    for (const socket of [client, target]) {
      sockets.add(socket);
      // Its end is the other's, too.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        target.destroy();
      });
    }
    let isCut = false;
    client.on('data', (bytes) => {
      if (!isOpen) return;
      target.write(bytes);
      if (lastHeard !== null && bytes.includes(lastHeard)) isOpen = false;
      if (last.times === 0 || !bytes.includes(last.words)) return;
      last.times -= 1;
      isCut = true;
    });
    target.on('data', (bytes) => {
      if (isCut) client.destroy();
      else if (isOpen) client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const there = new URL(url);
  there.port = String((server.address() as { port: number }).port);
  return {
    url: there.href,
    swallow() {
      isOpen = false;
    },
    restore() {
      isOpen = true;
    },
    cutAfter(words, { times } = { times: Number.POSITIVE_INFINITY }) {
      last = { words, times };
    },
    swallowAfter(words) {
      lastHeard = words;
    },
    breakAll() {
      for (const socket of sockets) socket.destroy();
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
