import { createMiddleware } from 'hono/factory';

/**
 * Admits only this page: no script of another site may read or control the sandbox, not even one whose name resolves to
 * this machine. Also restricts what the page itself may load.
 */
export function guard({
  port,
  inlineScript,
  imagesFrom,
}: {
  port: number;
  inlineScript: string;
  imagesFrom: string;
}) {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const policy = [
    "default-src 'none'",
    `script-src 'self' '${inlineScript}'`,
    "style-src 'self'",
    // Lit sets style attributes; this allows no style elements or files.
    "style-src-attr 'unsafe-inline'",
    `img-src 'self' data: blob: ${imagesFrom}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

  return createMiddleware(async ({ req, header, text }, next) => {
    const host = req.header('host') ?? '';
    const origin = req.header('origin');
    const isOwn = origin === undefined ? req.method === 'GET' : origin === `http://${host}`;
    if (!hosts.includes(host) || !isOwn) return text('This page speaks only with itself.', 403);
    header('content-security-policy', policy);
    header('cross-origin-resource-policy', 'same-origin');
    header('x-content-type-options', 'nosniff');
    header('referrer-policy', 'no-referrer');
    header('cache-control', 'no-cache');
    return await next();
  });
}
