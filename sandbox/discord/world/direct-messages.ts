import { type APIDMChannel, type ChannelFlags, ChannelType } from 'discord-api-types/v10';
import type { User, World } from './world.ts';

/** The channel between the bot and a person, made on first use. */
export function directMessagesWith(world: World, user: User): APIDMChannel {
  for (const channel of world.channels.values()) {
    if (channel.type === ChannelType.DM && channel.recipients?.some(({ id }) => id === user.id))
      return channel;
  }
  const channel: APIDMChannel = {
    id: world.nextId(),
    type: ChannelType.DM,
    name: null,
    recipients: [user],
    last_message_id: null,
    flags: 0 as ChannelFlags,
  };
  world.channels.set(channel.id, channel);
  return channel;
}
