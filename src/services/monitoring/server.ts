import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Logger } from '../log.ts';
import { cached } from './cached.ts';

/** Far less than the time between two scrapes of Prometheus. */
const METRICS_CACHED_FOR_MS = 1000;

export interface MonitoringServer {
  readonly url: string;
  close(): void;
}

interface MonitoringOptions {
  readonly host: string;
  readonly port: number;
  readonly registry: Registry;
  /** Resolves with the reasons why the bot can't serve anybody now; empty when it can. */
  readonly problems: () => Promise<string[]>;
  readonly elapsed: () => number;
  readonly log: Logger;
}

/** Why the HTTP port can't be opened, in one readable sentence. */
export class MonitoringError extends Error {
  override readonly name = 'MonitoringError';
}

/** Serves `/healthz`, `/readyz` and `/metrics`. Throws {@link MonitoringError} when the port can't be opened. */
export async function serveMonitoring(options: MonitoringOptions): Promise<MonitoringServer> {
  const { host, port, registry, problems, elapsed, log } = options;
  const metrics = cached(() => registry.metrics(), METRICS_CACHED_FOR_MS, elapsed);
  const sources = { problems, metrics, contentType: registry.contentType };
  const server = createServer((request, response) => {
    answer(request, sources)
      .catch((err: unknown) => {
        log.error({ err, path: request.url }, 'a request for health or metrics failed');
        return json(500, { error: 'see the log of the bot' });
      })
      .then((reply) => send(response, reply));
  });
  try {
    await once(server.listen(port, host), 'listening');
  } catch (cause) {
    throw new MonitoringError(`HTTP_PORT ${port} on ${host} ${whyClosed(cause)}`, { cause });
  }
  const { address, family, port: opened } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${opened}`;
  log.info({ url }, 'health and metrics are served');
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Sources extends Pick<MonitoringOptions, 'problems'> {
  readonly metrics: () => Promise<string>;
  readonly contentType: string;
}

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function answer({ method, url }: IncomingMessage, sources: Sources): Promise<Reply> {
  const { problems, metrics, contentType } = sources;
  if (method !== 'GET' && method !== 'HEAD') {
    return json(405, { error: 'only GET and HEAD' }, { allow: 'GET, HEAD' });
  }
  switch (url?.split('?')[0]) {
    case '/healthz':
      return json(200, { alive: true });
    case '/readyz': {
      const found = await problems();
      return json(found.length === 0 ? 200 : 503, { ready: found.length === 0, problems: found });
    }
    case '/metrics':
      return {
        status: 200,
        headers: { 'content-type': contentType },
        body: await metrics(),
      };
    default:
      return json(404, { error: 'there are /healthz, /readyz and /metrics' });
  }
}

function json(status: number, value: object, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response
    .writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' })
    .end(body);
}

function whyClosed(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'EADDRINUSE':
      return 'is taken by another process: stop that one, or choose another port.';
    case 'EACCES':
      return 'may not be opened by this user: choose a port above 1023.';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'is no address of this machine: check HTTP_HOST.';
    default:
      return `cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
  }
}
