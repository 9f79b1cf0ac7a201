import {
  type APIAllowedMentions,
  type APIAttachment,
  type APIEmbed,
  type APIMessage,
  type APIMessageInteraction,
  type APIMessageInteractionMetadata,
  type APIMessageReference,
  type APIMessageSnapshot,
  type APIMessageTopLevelComponent,
  type APIStickerItem,
  type APIUnfurledMediaItem,
  EmbedType,
  MessageFlags,
  MessageReferenceType,
  MessageType,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import { withComponentIds } from './components.ts';
import { attachmentNamed, mapMedia } from './media.ts';
import { guildOf } from './membership.ts';
import { pingsOf } from './mentions.ts';
import { permissionsIn } from './permissions.ts';
import type { Channel, Message, User, World } from './world.ts';

/** The content of a message; its attachments are already on the CDN. */
export interface MessageContent {
  content: string;
  embeds: APIEmbed[];
  components: APIMessageTopLevelComponent[];
  attachments: APIAttachment[];
  flags: number;
  allowedMentions: APIAllowedMentions | null | undefined;
}

/** The origin of a message. */
export interface MessageOrigin {
  channel: Channel;
  author: User;
  type?: MessageType;
  visibleTo?: string | null;
  interactionMetadata?: APIMessageInteractionMetadata;
  namedInteraction?: APIMessageInteraction | undefined;
  /** The application's id, for messages through an interaction's webhook. */
  webhookId?: string;
  nonce?: string | number | undefined;
  reference?: APIMessageReference | undefined;
  /** The snapshot of a forwarded message. */
  snapshots?: APIMessageSnapshot[];
  stickers?: APIStickerItem[];
  /** The author's permissions there, if they aren't those of a member: for messages through an interaction. */
  permissions?: bigint | undefined;
}

/** Adds a message to the world and announces it. */
export function createMessage(world: World, origin: MessageOrigin, content: MessageContent): Message {
  const message: Message = {
    id: world.nextId(),
    channel_id: origin.channel.id,
    author: origin.author,
    type: origin.type ?? MessageType.Default,
    timestamp: new Date(world.clock.now()).toISOString(),
    edited_timestamp: null,
    tts: false,
    pinned: false,
    ...said(world, origin, content),
    visibleTo: origin.visibleTo ?? null,
    ...(origin.interactionMetadata && { interaction_metadata: origin.interactionMetadata }),
    ...(origin.namedInteraction && { interaction: origin.namedInteraction }),
    ...(origin.webhookId !== undefined && { webhook_id: origin.webhookId, application_id: origin.webhookId }),
    ...(origin.nonce !== undefined && { nonce: origin.nonce }),
    ...(origin.stickers?.length && { sticker_items: origin.stickers }),
    ...(origin.reference && { message_reference: origin.reference }),
    ...(origin.snapshots && { message_snapshots: origin.snapshots, flags: MessageFlags.HasSnapshot }),
  };
  world.messages.set(message.id, message);
  if (message.visibleTo === null) origin.channel.last_message_id = message.id;
  world.events.emit('message', message, 'created');
  return message;
}

/** Replaces a message by its next version. The first edit of a loading message answers it and doesn't count as an edit. */
export function editMessage(
  world: World,
  message: Message,
  content: MessageContent,
  permissions?: bigint,
): Message {
  const channel = world.channels.get(message.channel_id);
  if (!channel) throw new Error(`message ${message.id} is in no channel`);
  const wasLoading = ((message.flags ?? 0) & MessageFlags.Loading) !== 0;
  const edited: Message = {
    ...message,
    ...said(world, { channel, author: message.author, permissions }, content),
    edited_timestamp: wasLoading ? null : new Date(world.clock.now()).toISOString(),
  };
  world.messages.set(edited.id, edited);
  world.events.emit('message', edited, 'edited');
  return edited;
}

export function deleteMessage(world: World, message: Message): void {
  world.messages.delete(message.id);
  world.events.emit('messageDelete', message);
}

/** The message as the API returns it: without the sandbox's own fields, with fresh signatures and resolved embeds. */
export function present(message: Message, sign: (url: string) => string): APIMessage {
  const { pings: _pings, visibleTo: _visibleTo, message_snapshots: snapshots, ...rest } = message;
  return {
    ...rest,
    ...presentMedia(message, sign),
    ...(snapshots && {
      message_snapshots: snapshots.map((snapshot) => ({
        message: { ...snapshot.message, ...presentMedia(snapshot.message, sign) },
      })),
    }),
  };
}

function presentMedia(
  message: Pick<APIMessage, 'attachments' | 'embeds' | 'components'>,
  sign: (url: string) => string,
) {
  const attachments = message.attachments.map((attachment) => {
    const url = sign(attachment.url);
    return { ...attachment, url, proxy_url: url };
  });
  const inEmbeds = new Set(message.embeds.flatMap((embed) => [embed.image?.url, embed.thumbnail?.url]));
  const signed = (item: APIUnfurledMediaItem) =>
    item.attachment_id === undefined ? item : { ...item, url: sign(item.url), proxy_url: sign(item.url) };
  return {
    ...(message.components && { components: mapMedia(message.components, signed) }),
    embeds: message.embeds.map((embed) => resolveEmbed(embed, attachments)),
    // An image in an embed isn't shown again below it.
    attachments: attachments.filter(({ filename }) => !inEmbeds.has(`attachment://${filename}`)),
  };
}

function said(
  world: World,
  origin: Pick<MessageOrigin, 'channel' | 'author' | 'reference' | 'permissions'>,
  content: MessageContent,
) {
  const permissions = origin.permissions ?? permissionsIn(world, origin.author.id, origin.channel);
  const pings = pingsOf(content.content, content.allowedMentions, {
    mayPingEveryone: Boolean(permissions & Permission.MentionEveryone),
    mentionableRoles: (guildOf(world, origin.channel)?.profile.roles ?? [])
      .filter((role) => role.mentionable)
      .map((role) => role.id),
  });
  return {
    content: content.content,
    embeds: content.embeds,
    components: withComponentIds(content.components),
    attachments: content.attachments,
    flags: content.flags,
    pings: { ...pings, users: [...new Set([...pings.users, ...repliedTo(world, origin, content)])] },
    mention_everyone: pings.everyone,
    mention_roles: pings.roles,
    mentions: pings.users.flatMap((id) => world.users.get(id) ?? []),
  };
}

/**
 * docs: resources/message, allowed mentions – a reply notifies the author of the other message unless `replied_user` is
 * false.
 */
function repliedTo(
  world: World,
  { reference, author }: Pick<MessageOrigin, 'author' | 'reference'>,
  { allowedMentions }: MessageContent,
): string[] {
  if (reference?.type === MessageReferenceType.Forward) return [];
  const target = world.messages.get(reference?.message_id ?? '');
  const isAllowed = allowedMentions ? allowedMentions.replied_user === true : true;
  return target && isAllowed && target.author.id !== author.id ? [target.author.id] : [];
}

function resolveEmbed(embed: APIEmbed, attachments: readonly APIAttachment[]): APIEmbed {
  const resolve = <T extends { url: string }>(media: T) => {
    const name = attachmentNamed(media.url);
    const file = attachments.find(({ filename }) => filename === name);
    if (!file) return media;
    const { url, proxy_url, width, height } = file;
    return { ...media, url, proxy_url, ...(width && { width }), ...(height && { height }) };
  };
  return {
    type: EmbedType.Rich,
    ...embed,
    ...(embed.fields && { fields: embed.fields.map((field) => ({ inline: false, ...field })) }),
    ...(embed.image && { image: resolve(embed.image) }),
    ...(embed.thumbnail && { thumbnail: resolve(embed.thumbnail) }),
  };
}
