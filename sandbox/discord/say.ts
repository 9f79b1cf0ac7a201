import {
  type APIEmbed,
  type APIEmbedImage,
  ChannelType,
  EmbedType,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import type { Cdn } from './cdn.ts';
import { type PersonFile, upload } from './interactions/person-file.ts';
import { forwardOf } from './world/forwards.ts';
import { createMessage } from './world/messages.ts';
import { maySee, permissionsIn, sendPermission } from './world/permissions.ts';
import type { Channel, Message, User, World } from './world/world.ts';

/** A picture somewhere on the web: its address, whose ending tells its type, and what lies there. */
export interface WebPicture {
  url: string;
  bytes: Uint8Array;
}

/** What Discord shows of a link in a person's message. */
export interface LinkPreview extends Omit<APIEmbed, 'image' | 'thumbnail'> {
  image?: WebPicture;
  thumbnail?: WebPicture;
}

/** A person writes a message. Throws a readable Error where Discord wouldn't let it be written. */
export type Say = (input: {
  user: User;
  channel: Channel;
  content?: string;
  files?: readonly PersonFile[];
  embeds?: readonly LinkPreview[];
  /** Passes another message on; such a message says nothing of its own. */
  forward?: Message;
}) => Promise<Message>;

type Said = Parameters<Say>[0];

export function createSay(world: World, cdn: Cdn): Say {
  return async (said) => {
    refuseUnsayable(world, said);
    const { user, channel, content = '', files = [], embeds = [], forward } = said;
    const place = { channelId: channel.id, ephemeral: false };
    const attachments = await Promise.all(files.map((file) => upload(cdn, file, place)));
    return createMessage(
      world,
      { channel, author: user, ...(forward && forwardOf(world, forward, user)) },
      {
        content,
        attachments,
        embeds: await Promise.all(embeds.map((embed) => previewed(cdn, embed))),
        components: [],
        flags: 0,
        allowedMentions: undefined,
      },
    );
  };
}

function refuseUnsayable(world: World, { user, channel, content, files, embeds, forward }: Said): void {
  const held = permissionsIn(world, user.id, channel);
  const may = (permission: bigint) => (held & permission) !== 0n;
  const who = user.username;
  if (channel.type === ChannelType.GuildForum) throw new Error('a forum has posts, and no messages');
  if (!maySee(channel, held)) throw new Error(`${who} doesn't see that channel`);
  if (!may(sendPermission(channel))) throw new Error(`${who} may not write there`);
  if (files?.length && !may(Permission.AttachFiles)) throw new Error(`${who} may not attach files there`);
  if (embeds?.length && !may(Permission.EmbedLinks)) throw new Error(`${who}'s links show nothing there`);
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
  return { url, ...(await cdn.proxy(url, bytes)) };
}
