import { type APIDMChannel, type ChannelFlags, ChannelType } from 'discord-api-types/v10';
import { isIn } from './membership.ts';
import type { User, World } from './world.ts';

/** The channel between a person and the bot, or somebody else; created on first use. */
export function directMessagesWith(world: World, user: User, other = world.bot): APIDMChannel {
  const recipients = other.id === world.bot.id ? [user] : [user, other];
  for (const channel of world.channels.values()) {
    if (channel.type !== ChannelType.DM || channel.recipients?.length !== recipients.length) continue;
    if (recipients.every(({ id }) => isIn(world, id, channel))) return channel;
  }
  const channel: APIDMChannel = {
    id: world.nextId(),
    type: ChannelType.DM,
    name: null,
    recipients,
    last_message_id: null,
    flags: 0 as ChannelFlags,
  };
  world.channels.set(channel.id, channel);
  return channel;
}
