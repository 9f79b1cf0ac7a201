/** What a server of the sandbox proves itself by, and the name that it then goes by. */
export interface Tls {
  host: string;
  key: string;
  cert: string;
}

/** Where a server on loopback is to be found: by its name where it has one, which somebody has to lead there. */
export function originAt(port: number, tls: Tls | undefined): string {
  return tls ? `https://${tls.host}:${port}` : `http://127.0.0.1:${port}`;
}
