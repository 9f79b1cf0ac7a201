import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { ProxyFor } from './proxies.ts';

/** The proxy did not connect to where it was told to: nothing was sent there. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';
}

/** Has the proxy connect to a host. Throws what the connection to the proxy throws, or {@link ProxyRefusal}. */
export function openTunnel(proxy: URL, hostname: string, port: number, timeoutMs: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const authority = `${hostname}:${port}`;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    agent: false,
    timeout: timeoutMs,
    headers: {
      host: authority,
      ...(proxy.username && {
        'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
      }),
    },
  });
  const refuse = (status: number | undefined) =>
    reject(new ProxyRefusal(`the proxy ${proxy.host} does not connect to ${authority} (HTTP ${status})`));
  request
    .on('connect', ({ statusCode }, socket, head) => {
      if (statusCode !== 200) {
        socket.destroy();
        return refuse(statusCode);
      }
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      resolve(socket as Socket);
    })
    .on('response', (response) => {
      response.destroy();
      refuse(response.statusCode);
    })
    .on('timeout', () => request.destroy(new ProxyRefusal(`the proxy ${proxy.host} does not answer`)))
    .on('error', reject)
    .end();
  return promise;
}

/** A connector of undici's that goes by the proxy where there is one for the target, also for plain HTTP. */
export function byProxy(
  connect: buildConnector.connector,
  options: {
    proxyFor: ProxyFor | null | undefined;
    timeoutMs: number;
    /** Rejects where a name must not be connected to. */
    check?: (hostname: string) => Promise<void>;
  },
): buildConnector.connector {
  const { proxyFor, timeoutMs, check } = options;
  if (!proxyFor) return connect;
  return (target, callback) => {
    const { protocol, hostname } = target;
    const port = Number(target.port) || (protocol === 'https:' ? 443 : 80);
    const proxy = proxyFor({ protocol, hostname, port });
    if (!proxy) return connect(target, callback);
    const opened = Promise.resolve(check?.(hostname)).then(() =>
      openTunnel(proxy, hostname, port, timeoutMs),
    );
    opened.then(
      (socket) => {
        if (protocol === 'https:') connect({ ...target, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error) => callback(error, null),
    );
  };
}
