import type { APIAttachment, APIMessageTopLevelComponent, APIUnfurledMediaItem } from 'discord-api-types/v10';

/** Maps every picture and file in components, at any depth (docs: components/reference, unfurled media item). */
export function mapMedia(
  components: readonly APIMessageTopLevelComponent[],
  map: (item: APIUnfurledMediaItem) => APIUnfurledMediaItem,
): APIMessageTopLevelComponent[] {
  return inside(components, map) as APIMessageTopLevelComponent[];
}

/** The addresses of all pictures and files that components show. */
export function mediaAddresses(components: readonly APIMessageTopLevelComponent[]): string[] {
  const found: string[] = [];
  mapMedia(components, (item) => {
    found.push(item.url);
    return item;
  });
  return found;
}

/** The name of the file that an address such as `attachment://fox.png` stands for; undefined for any other address. */
export function attachmentNamed(url: string): string | undefined {
  return /^attachment:\/\/(.+)$/.exec(url)?.[1];
}

/** An attachment as a component shows it. */
export function mediaOf(
  id: string,
  { url, proxy_url, width, height, content_type, id: attachment_id }: APIAttachment,
): APIUnfurledMediaItem & { id: string } {
  return {
    id,
    url,
    proxy_url,
    width: width ?? null,
    height: height ?? null,
    ...(content_type !== undefined && { content_type }),
    attachment_id,
  };
}

/** The fields of a component that hold such an item. */
const MEDIA = new Set(['media', 'file']);

function inside(value: unknown, map: (item: APIUnfurledMediaItem) => APIUnfurledMediaItem): unknown {
  if (Array.isArray(value)) return value.map((each) => inside(each, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      MEDIA.has(key) ? map(each as APIUnfurledMediaItem) : inside(each, map),
    ]),
  );
}
