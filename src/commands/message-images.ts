import { ComponentType, type Message, type MessageSnapshot } from 'discord.js';
import type { ReferenceSource } from '../services/ledger/rows.ts';
import { mayBeUsable, namedFormat } from '../services/request/request.ts';

/** The content of a message that the bot can't use as an image. */
export type Unusable = { kind: 'sticker' } | { kind: 'format'; format: string };

type Shown = Message | MessageSnapshot;

/** Every image that a message shows in attachments, embeds and components, including those of a forwarded message. */
export function imagesOf(message: Message): ReferenceSource[] {
  const images = [message, ...message.messageSnapshots.values()].flatMap(imagesShown);
  // The image of a component may also be listed as an attachment, with a different signature in its URL.
  return [...new Map(images.map((image) => [fileOf(image), image])).values()];
}

/** Why a message without usable images has none; null when that is unknown. */
export function unusableIn(message: Message): Unusable | null {
  const all = [message, ...message.messageSnapshots.values()];
  if (all.some(({ stickers }) => stickers.size > 0)) return { kind: 'sticker' };
  const files = all.flatMap((shown) => [
    ...[...shown.attachments.values()].map(({ name, contentType }) => namedFormat(name, contentType)),
    ...mediaOf(shown).map(({ name, contentType }) => namedFormat(name, contentType)),
  ]);
  const format = files.find((named) => named !== null);
  return format ? { kind: 'format', format } : null;
}

function imagesShown(shown: Shown): ReferenceSource[] {
  return [
    ...[...shown.attachments.values()].flatMap(({ name, url, contentType }) =>
      isImage(name, contentType) ? [imageAt(url, name)] : [],
    ),
    ...shown.embeds.flatMap((embed) => {
      const picture = embed.image ?? embed.thumbnail;
      // Discord's own copy, so that the bot contacts no stranger's server.
      return picture ? [imageAt(picture.proxyURL ?? picture.url, 'embed')] : [];
    }),
    ...mediaOf(shown).flatMap(({ url, name, contentType, isPicture }) =>
      isImage(name, contentType) || (isPicture && contentType === null && !VIDEO_NAME.test(name))
        ? [imageAt(url, name)]
        : [],
    ),
  ];
}

interface Media {
  readonly url: string;
  readonly name: string;
  readonly contentType: string | null;
  /** Whether it is in a place for pictures and videos, rather than for any file. */
  readonly isPicture: boolean;
}

/** The media of its components, at any depth, and in unknown types of components too. */
function mediaOf({ components }: Shown): Media[] {
  return (components ?? []).flatMap((component) => mediaIn(component.toJSON()));
}

function mediaIn(value: unknown): Media[] {
  if (typeof value !== 'object' || value === null) return [];
  // The items of a gallery have no type.
  const own = [
    ...('media' in value ? mediaAt(value.media, true) : []),
    ...('type' in value && value.type === ComponentType.File && 'file' in value
      ? mediaAt(value.file, false)
      : []),
  ];
  return own.length > 0 ? own : Object.values(value).flatMap(mediaIn);
}

/** docs: components/reference, unfurled media item. */
function mediaAt(item: unknown, isPicture: boolean): Media[] {
  if (typeof item !== 'object' || item === null) return [];
  const text = (key: string) => {
    const value: unknown = Reflect.get(item, key);
    return typeof value === 'string' ? value : null;
  };
  const address = text('url');
  const url = text('proxy_url') ?? address;
  if (url === null) return [];
  const name = nameIn(address ?? url);
  return [{ url, name, contentType: text('content_type'), isPicture }];
}

/** For files without a content type from Discord. */
const IMAGE_NAME = /\.(png|jpe?g|webp|gif|avif)$/i;
const VIDEO_NAME = /\.(mp4|m4v|mov|webm|mkv|avi)$/i;

function isImage(name: string, contentType: string | null): boolean {
  return contentType === null ? IMAGE_NAME.test(name) : mayBeUsable(contentType);
}

function nameIn(url: string): string {
  return URL.parse(url)?.pathname.split('/').at(-1) ?? '';
}

function fileOf({ url }: ReferenceSource): string {
  return (url && URL.parse(url)?.pathname) || String(url);
}

function imageAt(url: string, name: string): ReferenceSource {
  return { name, source: 'discord', url, file: null };
}
