import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { ProxyError } from './proxy-error.ts';

/** Has the proxy connect to a host. Throws {@link ProxyError}: then nothing was sent to that host. */
export function openTunnel(proxy: URL, hostname: string, port: number, timeoutMs: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const target = `${hostname}:${port}`;
  const isSecure = proxy.protocol === 'https:';
  const request = (isSecure ? httpsRequest : httpRequest)({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (isSecure ? 443 : 80),
    method: 'CONNECT',
    path: target,
    agent: false,
    headers: { host: target, ...authorization(proxy) },
  });
  const late = setTimeout(() => request.destroy(ProxyError.silent(proxy)), timeoutMs);
  request
    .on('connect', ({ statusCode = 0 }, socket, head) => {
      // RFC 9110 §9.3.6: any 2xx.
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        return reject(ProxyError.refused(proxy, target, statusCode));
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket as Socket);
    })
    .on('response', (response) => {
      response.destroy();
      reject(ProxyError.refused(proxy, target, response.statusCode ?? 0));
    })
    .on('error', (error) => reject(error instanceof ProxyError ? error : ProxyError.lost(proxy, error)))
    .end();
  return promise.finally(() => clearTimeout(late));
}

function authorization({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (!username && !password) return {};
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { 'proxy-authorization': `Basic ${credentials}` };
}

/** A literal % stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
