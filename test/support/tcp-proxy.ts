import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** A proxy between a client and a server on this machine, which can take the network away. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection. New ones work. */
  cut(): void;
  /** Ends the next connection on which a client sends these words, before the server gets them or after. */
  cutAt(words: string, when: 'before' | 'after'): void;
  /**
   * Swallows all packets in both directions from now on. Nobody learns that a connection ended, and new ones are never
   * answered.
   */
  swallow(): void;
  /** The same from the moment on at which the server has got these words. */
  swallowAfter(words: string): void;
  /** Ends every connection, and each new one at once, as if nothing listened. */
  refuse(): void;
  /** Lets everything through again. Swallowed data arrive late, since TCP sends them again. */
  restore(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  /** Reads the data that the client sends. */
  readonly reader: Transform;
  readonly server: Socket;
}

/** The address of a server with its proxy in the place of the server. */
export function throughProxy(address: string, { port }: TcpProxy): string {
  const through = new URL(address);
  through.port = String(port);
  return through.href;
}

/** Listens on a free port of loopback, and forwards to `port`. */
export async function startTcpProxy(port: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  /** They connected while packets were swallowed, so that their server knows nothing of them yet. */
  const unheard = new Set<Socket>();
  let state: 'open' | 'swallowing' | 'refusing' = 'open';
  let trap: { words: string; reaction: 'cut before' | 'cut after' | 'swallow after' } | null = null;

  function join(client: Socket): void {
    if (state === 'refusing') {
      client.resetAndDestroy();
      return;
    }
    if (state === 'swallowing') {
      unheard.add(client.on('error', () => client.destroy()));
      return;
    }
    const server = connect(port, '127.0.0.1');
    const reader = new Transform({
      transform(bytes: Buffer, _, done) {
        if (!trap || !bytes.includes(trap.words)) return done(null, bytes);
        const { reaction } = trap;
        trap = null;
        if (reaction === 'swallow after') {
          done(null, bytes);
          return swallow();
        }
        if (reaction === 'cut after') server.end(bytes);
        client.resetAndDestroy();
      },
    });
    const pair = { client, reader, server };
    pairs.add(pair);
    reader.pipe(server);
    for (const socket of [client, server]) {
      // A connection that ended on one side ends on the other, but not while packets are swallowed.
      socket.on('error', () => socket.destroy()).on('close', () => state === 'swallowing' || end(pair));
    }
    flow(pair);
  }

  function end(pair: Pair): void {
    pairs.delete(pair);
    pair.client.destroy();
    // The client's last data may still be on the way to the server.
    if (!pair.server.writableEnded) pair.server.destroy();
  }

  const cut = () => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    for (const client of unheard) client.resetAndDestroy();
    pairs.clear();
    unheard.clear();
  };

  function swallow(): void {
    state = 'swallowing';
    pairs.forEach(hold);
  }

  const listener = createServer(join);
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    cut,
    cutAt(words, when) {
      trap = { words, reaction: `cut ${when}` };
    },
    swallow,
    swallowAfter(words) {
      trap = { words, reaction: 'swallow after' };
    },
    refuse() {
      state = 'refusing';
      cut();
    },
    restore() {
      state = 'open';
      for (const pair of pairs) {
        if (pair.client.destroyed || pair.server.destroyed) end(pair);
        else flow(pair);
      }
      for (const client of unheard) if (!client.destroyed) join(client);
      unheard.clear();
    },
    async close() {
      state = 'refusing';
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}

function flow({ client, reader, server }: Pair): void {
  client.pipe(reader);
  server.pipe(client);
}

function hold({ client, reader, server }: Pair): void {
  client.unpipe(reader).pause();
  server.unpipe(client).pause();
}
