import { MessageCreateRequestSchema } from 'discord-api-spec/zod';
import {
  type APIAttachment,
  type APIEmbed,
  type APIEmbedImage,
  type APIMessageTopLevelComponent,
  ChannelType,
  EmbedType,
  MessageFlags,
  PermissionFlagsBits as Permission,
  StickerFormatType,
} from 'discord-api-types/v10';
import type { Cdn } from './cdn.ts';
import { type PersonFile, upload } from './interactions/person-file.ts';
import { checkMessage } from './validate/messages.ts';
import { forwardOf } from './world/forwards.ts';
import { mapMedia, mediaAddresses } from './world/media.ts';
import { createMessage } from './world/messages.ts';
import { maySee, permissionsIn, sendPermission } from './world/permissions.ts';
import type { Channel, Message, User, World } from './world/world.ts';

/** A picture on the web: its URL, whose extension tells its type, and its bytes. */
export interface WebPicture {
  url: string;
  bytes: Uint8Array;
}

/** Discord's preview of a link in a person's message. */
export interface LinkPreview extends Omit<APIEmbed, 'image' | 'thumbnail'> {
  image?: WebPicture;
  thumbnail?: WebPicture;
}

/** A person, or another application's bot, writes a message. Throws a readable Error if Discord wouldn't allow it. */
export type Say = (input: {
  user: User;
  channel: Channel;
  content?: string;
  files?: readonly PersonFile[];
  embeds?: readonly LinkPreview[];
  /**
   * Components V2, only for bots: the whole content of the message. `attachment://` refers to its files, other URLs to
   * its pictures.
   */
  components?: readonly APIMessageTopLevelComponent[];
  pictures?: readonly WebPicture[];
  /** Names of stickers. */
  stickers?: readonly string[];
  /** Forwards another message; the new message has no content of its own. */
  forward?: Message;
}) => Promise<Message>;

type Said = Parameters<Say>[0];

export function createSay(world: World, cdn: Cdn): Say {
  return async (said) => {
    refuseUnsayable(world, said);
    const { user, channel, content = '', files = [], embeds = [], forward } = said;
    const place = { channelId: channel.id, ephemeral: false };
    const attachments = await Promise.all(files.map((file) => upload(cdn, file, place)));
    const components = said.components ? await unfurled(cdn, said, attachments) : [];
    return createMessage(
      world,
      {
        channel,
        author: user,
        ...(forward && forwardOf(world, forward, user)),
        stickers: (said.stickers ?? []).map((name) => ({
          id: world.nextId(),
          name,
          format_type: StickerFormatType.PNG,
        })),
      },
      {
        content,
        // Components show the files, so the message doesn't list them.
        attachments: said.components ? [] : attachments,
        embeds: await Promise.all(embeds.map((embed) => previewed(cdn, embed))),
        components,
        flags: said.components ? MessageFlags.IsComponentsV2 : 0,
        allowedMentions: undefined,
      },
    );
  };
}

/** The components as Discord shows them, each picture and file with its URL at Discord. */
async function unfurled(
  cdn: Cdn,
  { components = [], pictures = [], content, embeds }: Said,
  attachments: readonly APIAttachment[],
): Promise<APIMessageTopLevelComponent[]> {
  const flags = MessageFlags.IsComponentsV2;
  checkMessage(MessageCreateRequestSchema, { content, embeds, components, flags });
  for (const { url, bytes } of pictures) await cdn.proxyCopy(url, bytes);
  const known = new Set([
    ...attachments.map(({ filename }) => `attachment://${filename}`),
    ...pictures.map(({ url }) => url),
  ]);
  const missing = mediaAddresses(components).find((url) => !known.has(url));
  if (missing) throw new Error(`nothing lies at ${missing}`);
  return mapMedia(components, (item) => cdn.unfurl(item, attachments));
}

function refuseUnsayable(
  world: World,
  { user, channel, content, files, embeds, forward, components }: Said,
): void {
  const held = permissionsIn(world, user.id, channel);
  const may = (permission: bigint) => (held & permission) !== 0n;
  const who = user.username;
  if (channel.type === ChannelType.GuildForum) throw new Error('a forum has posts, and no messages');
  if (!maySee(channel, held)) throw new Error(`${who} doesn't see that channel`);
  if (!may(sendPermission(channel))) throw new Error(`${who} may not write there`);
  if (files?.length && !may(Permission.AttachFiles)) throw new Error(`${who} may not attach files there`);
  if (embeds?.length && !may(Permission.EmbedLinks)) throw new Error(`${who}'s links show nothing there`);
  if (components && !user.bot) throw new Error('only applications send components');
  if (forward && (content || files?.length || embeds?.length)) {
    throw new Error('a forwarded message says nothing of its own');
  }
}

async function previewed(cdn: Cdn, { image, thumbnail, ...embed }: LinkPreview): Promise<APIEmbed> {
  return {
    type: EmbedType.Link,
    ...embed,
    ...(image && { image: await proxied(cdn, image) }),
    ...(thumbnail && { thumbnail: await proxied(cdn, thumbnail) }),
  };
}

async function proxied(cdn: Cdn, { url, bytes }: WebPicture): Promise<APIEmbedImage> {
  return { url, ...(await cdn.proxyCopy(url, bytes)) };
}
