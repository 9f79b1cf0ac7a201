import {
  type APIMessageSnapshot,
  type MessageFlags,
  MessageReferenceType,
  MessageType,
} from 'discord-api-types/v10';
import { guildIdOf } from './membership.ts';
import type { MessageOrigin } from './messages.ts';
import { maySee, permissionsIn } from './permissions.ts';
import type { Message, User, World } from './world.ts';

// docs: resources/message, message reference types.
const FORWARDABLE = new Set<MessageType>([
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
]);

const NO_FLAGS = 0 as MessageFlags;

/**
 * The reference and the snapshot that make a message a forward of another one. @throws {Error} when the person can't
 * forward it.
 */
export function forwardOf(
  world: World,
  message: Message,
  by: User,
): Pick<MessageOrigin, 'reference' | 'snapshots'> {
  const current = world.messages.get(message.id);
  const channel = world.channels.get(message.channel_id);
  if (!current || !channel) throw new Error('the message is gone');
  if (!maySee(channel, permissionsIn(world, by.id, channel))) {
    throw new Error(`${by.username} doesn't see that channel`);
  }
  if (!FORWARDABLE.has(current.type) || current.visibleTo !== null) {
    throw new Error("that message can't be forwarded");
  }
  const guildId = guildIdOf(channel);
  return {
    reference: {
      type: MessageReferenceType.Forward,
      message_id: current.id,
      channel_id: channel.id,
      ...(guildId !== undefined && { guild_id: guildId }),
    },
    // A forward is forwarded with its own snapshots, since snapshots don't nest (docs: message snapshot object).
    snapshots: current.message_snapshots ?? [snapshotOf(current)],
  };
}

/** docs: resources/message, message snapshot object – the subset of fields. */
function snapshotOf(message: Message): APIMessageSnapshot {
  const { type, content, embeds, attachments, timestamp, edited_timestamp, mentions, mention_roles } =
    message;
  const { flags = NO_FLAGS, components = [], sticker_items } = message;
  return {
    message: {
      type,
      content,
      embeds,
      attachments,
      timestamp,
      edited_timestamp,
      flags,
      mentions,
      mention_roles,
      components,
      ...(sticker_items && { sticker_items }),
    },
  };
}
