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

/** The channels of the page, in the order of Discord's own list. */
export function channelsOf(discord: Discord): { channel: Channel; shown: ShownChannel }[] {
  const { channel, thread, otherChannel, forumPost, voice, elsewhere, groupDm } = discord;
  const home = discord.guild.name;
  return [
    ...[channel, thread, otherChannel, forumPost, voice].map((each) => shown(each, each.name ?? '', home)),
    shown(elsewhere, elsewhere.name ?? '', 'Another server, without the bot'),
    ...peopleOf(discord).map(({ user }) =>
      shown(discord.dm(user), discord.bot.global_name ?? '', 'Direct messages'),
    ),
    shown(groupDm, groupDm.name ?? 'Alice, Bob, carol', 'Direct messages'),
  ];
}

/** The person and the channel of a place. @throws {Error} when there is no such person or channel. */
export function resolvePlace(discord: Discord, { userId, channelId, locale, userInstalled }: Place) {
  const user = peopleOf(discord).find((person) => person.shown.id === userId)?.user;
  const channel = channelsOf(discord).find((place) => place.shown.id === channelId)?.channel;
  if (!user) throw new Error('There is no such person.');
  if (!channel) throw new Error('There is no such channel.');
  return { user, channel, locale, userInstalled };
}

function shown(channel: Channel, name: string, group: string) {
  const { id, type } = channel;
  return { channel, shown: { id, name, group, kind: KINDS[type] ?? 'text', type } };
}

const KINDS: Partial<Record<ChannelType, ShownChannel['kind']>> = {
  [ChannelType.DM]: 'dm',
  [ChannelType.GroupDM]: 'group',
  [ChannelType.PublicThread]: 'thread',
  [ChannelType.GuildVoice]: 'voice',
};
