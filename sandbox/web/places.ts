import { ChannelType } from 'discord-api-types/v10';
import type { Channel, Discord, User } from '../discord/index.ts';
import type { Place, ShownChannel, ShownPerson } from './protocol.ts';

/** The two people of the page. */
export function peopleOf({ people, dm }: Discord): { user: User; shown: ShownPerson }[] {
  return [people.alice, people.bob].map((user) => ({
    user,
    shown: { id: user.id, name: user.global_name ?? user.username, dmId: dm(user).id },
  }));
}

/** Where they can be: the server's channels, and each one's direct messages. */
export function channelsOf(discord: Discord): { channel: Channel; shown: ShownChannel }[] {
  const { channel, thread, otherChannel } = discord;
  const direct = peopleOf(discord).map(({ user }) => discord.dm(user));
  return [channel, thread, otherChannel, ...direct].map((each) => ({
    channel: each,
    shown: { id: each.id, name: each.name ?? discord.bot.global_name ?? '', kind: kindOf(each) },
  }));
}

/** Whom and what a place names. @throws {Error} where there is no such person or channel. */
export function resolvePlace(discord: Discord, { userId, channelId, locale, userInstalled }: Place) {
  const user = peopleOf(discord).find(({ shown }) => shown.id === userId)?.user;
  const channel = channelsOf(discord).find(({ shown }) => shown.id === channelId)?.channel;
  if (!user) throw new Error('There is no such person.');
  if (!channel) throw new Error('There is no such channel.');
  return { user, channel, locale, userInstalled };
}

function kindOf({ type }: Channel): ShownChannel['kind'] {
  switch (type) {
    case ChannelType.DM:
      return 'dm';
    case ChannelType.PublicThread:
      return 'thread';
    default:
      return 'text';
  }
}
