import { createHmac, randomBytes } from 'node:crypto';

interface Picture {
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
}

/**
 * Discord's media proxy: it shows pictures from elsewhere on the web, at a URL of its own that isn't signed and doesn't
 * expire.
 */
export interface MediaProxy {
  /** The proxy's URL of a picture. The proxy fetches it from its own URL when somebody looks, unless a copy is kept. */
  addressOf(url: string): string;
  /** Keeps a picture for a URL that doesn't really exist. */
  keep(url: string, copy: Picture): void;
  /** The picture at a path of the proxy; undefined when none was shown at this path. */
  find(pathname: string): Promise<Picture | null> | undefined;
}

/** The sandbox fetches only from this machine, whatever URL a message names. */
const REACHED = new Set(['127.0.0.1', 'localhost']);

export function createMediaProxy(origin: string): MediaProxy {
  const pictures = new Map<string, { url: string; copy?: Picture }>();
  const secret = randomBytes(32);

  function pathOf(url: string): string {
    const { protocol, host, pathname } = new URL(url);
    const hash = createHmac('sha256', secret).update(url).digest('base64url');
    return `/external/${hash}/${protocol.slice(0, -1)}/${host}${pathname}`;
  }

  return {
    addressOf(url) {
      const path = pathOf(url);
      if (!pictures.has(path)) pictures.set(path, { url });
      return `${origin}${path}`;
    },
    keep: (url, copy) => void pictures.set(pathOf(url), { url, copy }),
    find(pathname) {
      const picture = pictures.get(pathname);
      return picture && (picture.copy ? Promise.resolve(picture.copy) : fetched(picture.url));
    },
  };
}

/** Null when there is no picture. */
async function fetched(url: string): Promise<Picture | null> {
  const { hostname } = new URL(url);
  if (!REACHED.has(hostname)) return null;
  const answer = await fetch(url).catch(() => null);
  const contentType = answer?.headers.get('content-type') ?? null;
  if (!answer?.ok || !contentType?.startsWith('image/')) return null;
  return { bytes: new Uint8Array(await answer.arrayBuffer()), contentType };
}
