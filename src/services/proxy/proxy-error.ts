import { TRUST_IT, UNTRUSTED } from './untrusted-certificate.ts';

/** The proxy failed, not the target: no connection was made, and nothing was sent. The message contains no password. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  /** What the operator can do about it. */
  readonly wayOut: string;
  /** The only host that can't be reached; null when the proxy fails for all. */
  readonly target: string | null;

  private constructor(message: string, fields: { wayOut: string; target?: string; cause?: unknown }) {
    super(message, { cause: fields.cause });
    this.wayOut = fields.wayOut;
    this.target = fields.target ?? null;
  }

  static lost(proxy: URL, cause: Error): ProxyError {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
    const { what, wayOut } = TROUBLES.find(({ codes }) => codes.test(code)) ?? UNREACHABLE;
    return new ProxyError(`the proxy ${nameOf(proxy)} ${what} (${code})`, { wayOut, cause });
  }

  static silent(proxy: URL): ProxyError {
    return new ProxyError(`the proxy ${nameOf(proxy)} does not answer`, { wayOut: CHECK_IT });
  }

  static refused(proxy: URL, target: string, status: number): ProxyError {
    if (status === 407) {
      const what = proxy.username ? 'does not take the user and password' : 'wants a user and a password';
      return new ProxyError(`the proxy ${nameOf(proxy)} ${what} (HTTP 407)`, {
        wayOut: 'Write them into HTTPS_PROXY as in http://user:password@10.0.0.1:3128.',
      });
    }
    return new ProxyError(`the proxy ${nameOf(proxy)} does not connect to ${target} (HTTP ${status})`, {
      wayOut: 'Let the proxy allow it and reach it, or name what needs no proxy in NO_PROXY.',
      target,
    });
  }

  /** The one among the causes of an error, if any. */
  static in(error: unknown): ProxyError | null {
    if (error instanceof ProxyError) return error;
    return error instanceof Error ? ProxyError.in(error.cause) : null;
  }
}

const CHECK_IT = 'Check that it runs, and HTTPS_PROXY, HTTP_PROXY and ALL_PROXY.';
const UNREACHABLE = { what: 'cannot be reached', wayOut: CHECK_IT };

/** By the codes of Node.js's HTTP parser and of OpenSSL. */
const TROUBLES = [
  { codes: /^HPE_/, what: 'does not answer as an HTTP proxy does', wayOut: CHECK_IT },
  {
    codes: /^(?:ERR_SSL_|EPROTO)/,
    what: 'does not speak TLS',
    wayOut: 'An ordinary HTTP proxy has http:// before its address, also in HTTPS_PROXY.',
  },
  { codes: UNTRUSTED, what: 'shows a certificate of its own', wayOut: TRUST_IT },
];

/** Host and port, as in the configuration. */
export function nameOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
