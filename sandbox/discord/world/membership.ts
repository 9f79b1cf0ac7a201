import { ChannelType } from 'discord-api-types/v10';
import type { Channel, Guild, World } from './world.ts';

/** The guild a channel belongs to; `undefined` for direct and group messages. */
export function guildOf(world: World, channel: Channel): Guild | undefined {
  return world.guilds.get(guildIdOf(channel) ?? '');
}

export function guildIdOf(channel: Channel): string | undefined {
  return 'guild_id' in channel ? channel.guild_id : undefined;
}

/** The guilds that the bot is in; it receives events of these only. */
export function guildsOfBot({ guilds, bot }: World): Guild[] {
  return [...guilds.values()].filter(({ members }) => members.has(bot.id));
}

/** Whether somebody is in a channel's guild, or takes part in a private conversation. */
export function isIn(world: World, userId: string, channel: Channel): boolean {
  const guild = guildOf(world, channel);
  if (guild) return guild.members.has(userId);
  if (!('recipients' in channel)) return false;
  const takesPart = channel.recipients?.some(({ id }) => id === userId) ?? false;
  return takesPart || (userId === world.bot.id && isBotsDm(channel));
}

/**
 * Whether a channel is the bot's own direct messages. Discord omits the reader from the recipients, so the bot isn't
 * listed.
 */
export function isBotsDm(channel: Channel): boolean {
  return channel.type === ChannelType.DM && channel.recipients?.length === 1;
}
