import type {
  APIAttachment,
  APIEmbed,
  APIEmbedImage,
  APIMessageTopLevelComponent,
} from 'discord-api-types/v10';
import type { Cdn } from '../cdn.ts';
import { invalidFormBody } from '../errors.ts';
import type { MessageBody } from '../validate/messages.ts';
import { attachmentNamed, mapMedia, mediaAddresses } from '../world/media.ts';

/** docs: resources/message, embed structure – an application's are always rich, whatever it calls them. */
export function embedsOf({ embeds }: MessageBody, cdn: Cdn): APIEmbed[] {
  const shown = (picture: APIEmbedImage) =>
    /^https?:/.test(picture.url) ? { ...picture, ...cdn.proxy(picture.url) } : picture;
  return (embeds ?? []).map(({ type: _type, image, thumbnail, ...embed }) => ({
    ...embed,
    ...(image && { image: shown(image) }),
    ...(thumbnail && { thumbnail: shown(thumbnail) }),
  }));
}

/** The components with what Discord tells of each picture and file in them. */
export function unfurled(
  components: APIMessageTopLevelComponent[],
  cdn: Cdn,
  attachments: readonly APIAttachment[],
): APIMessageTopLevelComponent[] {
  return mapMedia(components, (item) => cdn.unfurl(item, attachments));
}

/** docs: components/reference, unfurled media item – `attachment://` names a file of the same message. @throws {DiscordError} 50035. */
export function refuseMissing(
  components: readonly APIMessageTopLevelComponent[],
  files: readonly string[],
): void {
  const missing = mediaAddresses(components)
    .map(attachmentNamed)
    .find((name) => name !== undefined && !files.includes(name));
  if (missing === undefined) return;
  throw invalidFormBody([
    {
      path: ['components'],
      code: 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
      message: `The referenced attachment ${missing} was not found`,
    },
  ]);
}
