import { ChannelType, OverwriteType, PermissionFlagsBits as Permission } from 'discord-api-types/v10';
import { missingAccess, missingPermissions } from '../errors.ts';
import { guildOf, isIn } from './membership.ts';
import type { Channel, Guild, World } from './world.ts';

/**
 * Somebody's permissions in a channel (docs: topics/permissions): everything but moderation in direct and group
 * messages, nothing in places that they aren't in.
 */
export function permissionsIn(world: World, userId: string, channel: Channel): bigint {
  if (!isIn(world, userId, channel)) return 0n;
  const guild = guildOf(world, channel);
  if (!guild) return PRIVATE_MESSAGES;
  const base = basePermissions(guild, userId);
  if (base & Permission.Administrator) return ALL;
  return applyOverwrites(base, overwritesOf(world, channel), {
    userId,
    roles: rolesOf(guild, userId),
    everyone: guild.profile.id,
  });
}

/** The permissions that a member's roles give in the whole guild. */
export function basePermissions(guild: Guild, userId: string): bigint {
  if (userId === guild.profile.owner_id) return ALL;
  const held = rolesOf(guild, userId);
  return guild.profile.roles
    .filter(({ id }) => held.includes(id))
    .reduce((bits, { permissions }) => bits | BigInt(permissions), 0n);
}

function rolesOf({ profile, members }: Guild, userId: string): string[] {
  return [profile.id, ...(members.get(userId)?.roles ?? [])];
}

/** Throws Discord's error when the bot can't view the channel (50001) or lacks one of the permissions (50013). */
export function requireBotPermissions(world: World, channel: Channel, ...needed: bigint[]): void {
  const held = permissionsIn(world, world.bot.id, channel);
  if (!maySee(channel, held)) throw missingAccess();
  if (needed.some((permission) => !(held & permission))) throw missingPermissions();
}

/** docs: resources/channel, get channel messages – a voice channel's text chat also needs CONNECT. */
export function maySee({ type }: Channel, held: bigint): boolean {
  const needed = Permission.ViewChannel | (type === ChannelType.GuildVoice ? Permission.Connect : 0n);
  return (held & needed) === needed;
}

/** docs: topics/permissions, inherited permissions – threads have a separate permission for sending. */
export function sendPermission(channel: Channel): bigint {
  return 'thread_metadata' in channel ? Permission.SendMessagesInThreads : Permission.SendMessages;
}

const ALL = Object.values(Permission).reduce((bits, bit) => bits | bit, 0n);
const PRIVATE_MESSAGES =
  Permission.ViewChannel |
  Permission.SendMessages |
  Permission.EmbedLinks |
  Permission.AttachFiles |
  Permission.ReadMessageHistory |
  Permission.AddReactions |
  Permission.UseExternalEmojis |
  Permission.MentionEveryone;

interface Overwrite {
  id: string;
  type: OverwriteType;
  allow: string;
  deny: string;
}

/** A thread has no overwrites; those of its parent count. */
function overwritesOf(world: World, channel: Channel): readonly Overwrite[] {
  const owner = 'thread_metadata' in channel ? world.channels.get(channel.parent_id ?? '') : channel;
  return owner && 'permission_overwrites' in owner ? (owner.permission_overwrites ?? []) : [];
}

function applyOverwrites(
  base: bigint,
  overwrites: readonly Overwrite[],
  who: { userId: string; roles: readonly string[]; everyone: string },
): bigint {
  const everyone = overwrites.filter(({ id }) => id === who.everyone);
  const roles = overwrites.filter(
    ({ id, type }) => type === OverwriteType.Role && id !== who.everyone && who.roles.includes(id),
  );
  const own = overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === who.userId);
  return [everyone, roles, own].reduce((bits, layer) => {
    const deny = layer.reduce((sum, overwrite) => sum | BigInt(overwrite.deny), 0n);
    const allow = layer.reduce((sum, overwrite) => sum | BigInt(overwrite.allow), 0n);
    return (bits & ~deny) | allow;
  }, base);
}
