import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Players } from '../start.ts';
import { createApp } from './app.ts';
import { createFeed } from './feed.ts';

/** A page on loopback that looks and behaves like Discord, for people to use the bot. */
export interface WebPage extends AsyncDisposable {
  readonly url: string;
}

/** The default port, if it is free. */
const USUAL_PORT = 3333;

/** Opens the page. Rejects when the requested port is taken. */
export async function startWebPage(sandbox: Players, asked?: number): Promise<WebPage> {
  const server = createServer();
  await listen(server, asked ?? USUAL_PORT).catch((error: NodeJS.ErrnoException) => {
    if (asked !== undefined || error.code !== 'EADDRINUSE') throw error;
    return listen(server, 0);
  });
  const { port } = server.address() as AddressInfo;
  const feed = createFeed(sandbox);
  server.on('request', getRequestListener(createApp({ sandbox, feed, port }).fetch));

  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      feed.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
