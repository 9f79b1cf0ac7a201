import { createHmac, randomBytes } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { APIAttachment, APIEmbedImage, APIUnfurledMediaItem } from 'discord-api-types/v10';
import sharp from 'sharp';
import type { Clock } from '../clock.ts';
import { createMediaProxy } from './media-proxy.ts';
import { attachmentNamed, mediaOf } from './world/media.ts';

/** A file from a request of the bot, or from a person's disk. */
export interface IncomingFile {
  name: string;
  bytes: Uint8Array;
  /** `null` omits `content_type`, as Discord does for files of unknown type. */
  contentType: string | null;
}

/** The fields that Discord adds to a picture's own URL. */
export type ProxiedPicture = Pick<APIEmbedImage, 'proxy_url' | 'width' | 'height'>;

export interface Cdn {
  /** Keeps a file and describes it as an attachment, its URL signed. */
  store(file: IncomingFile, place: { channelId: string; ephemeral: boolean }): Promise<APIAttachment>;
  /** The media proxy's URL of a picture on the web. Files of the CDN keep their own URL. */
  proxy(url: string): ProxiedPicture;
  /** The same for a picture whose URL doesn't really exist; the bytes are kept. */
  proxyCopy(url: string, bytes: Uint8Array): Promise<ProxiedPicture>;
  /**
   * A picture or file of a component as Discord shows it: one of these attachments if it names one, or else one on the
   * web.
   */
  unfurl(item: APIUnfurledMediaItem, attachments: readonly APIAttachment[]): APIUnfurledMediaItem;
  /** The same URL with a fresh signature: Discord renews it whenever a message is read. */
  sign(url: string): string;
  /** The names of all files that were fetched, in order. */
  readonly fetched: readonly string[];
  /** Answers a GET to the CDN; 404 when the signature is missing, wrong or expired. */
  respond(url: URL): Promise<Response>;
}

const SIGNATURE_LIFETIME_MS = 24 * 60 * 60 * 1000;

export function createCdn(deps: { origin: string; clock: Clock; nextId: () => string }): Cdn {
  const files = new Map<string, IncomingFile>();
  const media = createMediaProxy(deps.origin);
  const copied = new Map<string, ProxiedPicture>();
  const fetched: string[] = [];
  const secret = randomBytes(32);

  const signatureOf = (path: string, expires: string, issued: string) =>
    createHmac('sha256', secret).update(`${path}|${expires}|${issued}`).digest('hex');

  function sign(url: string): string {
    const { origin, pathname } = new URL(url);
    const issued = Math.floor(deps.clock.now() / 1000).toString(16);
    const expires = Math.floor((deps.clock.now() + SIGNATURE_LIFETIME_MS) / 1000).toString(16);
    return `${origin}${pathname}?ex=${expires}&is=${issued}&hm=${signatureOf(pathname, expires, issued)}&`;
  }

  function isValid({ pathname, searchParams }: URL): boolean {
    const expires = searchParams.get('ex') ?? '';
    const signature = signatureOf(pathname, expires, searchParams.get('is') ?? '');
    return searchParams.get('hm') === signature && Number.parseInt(expires, 16) * 1000 > deps.clock.now();
  }

  function proxy(url: string): ProxiedPicture {
    const isHere = url.startsWith(`${deps.origin}/`);
    return copied.get(url) ?? { proxy_url: isHere ? url : media.addressOf(url) };
  }

  return {
    sign,
    fetched,
    async store(file, { channelId, ephemeral }) {
      const id = deps.nextId();
      const filename = safeName(file.name);
      const path = `/${ephemeral ? 'ephemeral-attachments' : 'attachments'}/${channelId}/${id}/${filename}`;
      files.set(path, file);
      const url = sign(`${deps.origin}${path}`);
      return {
        id,
        filename,
        size: file.bytes.byteLength,
        url,
        proxy_url: url,
        ...(file.contentType === null ? {} : { content_type: file.contentType }),
        ...(await pixelsOf(file)),
        ...(ephemeral ? { ephemeral } : {}),
      };
    },
    proxy,
    async proxyCopy(url, bytes) {
      const { pathname } = new URL(url);
      const file = { name: basename(pathname), bytes, contentType: contentTypeOf(pathname) };
      media.keep(url, file);
      copied.set(url, { proxy_url: media.addressOf(url), ...(await pixelsOf(file)) });
      return proxy(url);
    },
    unfurl({ url }, attachments) {
      const file = attachments.find(({ filename }) => filename === attachmentNamed(url));
      return file ? mediaOf(deps.nextId(), file) : { id: deps.nextId(), url, ...proxy(url) };
    },
    async respond(url) {
      fetched.push(basename(url.pathname));
      const own = isValid(url) ? files.get(url.pathname) : undefined;
      const file = own ?? (await media.find(url.pathname));
      if (!file) return new Response('This content is no longer available.', { status: 404 });
      return new Response(new Uint8Array(file.bytes), {
        headers: { 'content-type': file.contentType ?? 'application/octet-stream' },
      });
    },
  };
}

/** Discord replaces characters that don't belong in a URL by underscores. */
function safeName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '_') || 'unknown';
}

async function pixelsOf(file: IncomingFile): Promise<{ width: number; height: number } | undefined> {
  if (!file.contentType?.startsWith('image/')) return undefined;
  try {
    const { width, height } = await sharp(file.bytes).metadata();
    return { width, height };
  } catch {
    // The file claims to be an image but isn't one. Discord then omits the dimensions.
    return undefined;
  }
}

const TYPE_BY_EXTENSION: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.avif': 'image/avif',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** The type that Discord gives a file by its name; `null` when the name doesn't tell. */
export function contentTypeOf(name: string): string | null {
  return TYPE_BY_EXTENSION[extname(name).toLowerCase()] ?? null;
}
