/** The certificate of a server of the sandbox, and the host name in it. */
export interface Tls {
  host: string;
  key: string;
  cert: string;
}

/**
 * The origin of a server on loopback. With TLS it has the certificate's name, which the test has to resolve to
 * loopback.
 */
export function originAt(port: number, tls: Tls | undefined): string {
  return tls ? `https://${tls.host}:${port}` : `http://127.0.0.1:${port}`;
}
