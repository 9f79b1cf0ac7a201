import { OverwriteType, PermissionFlagsBits as Permission } from 'discord-api-types/v10';
import { missingAccess, missingPermissions } from '../errors.ts';
import { type Channel, guildIdOf, type World } from './world.ts';

/** What a member may do in a channel (docs: topics/permissions); everything but moderation in direct messages. */
export function permissionsIn(world: World, userId: string, channel: Channel): bigint {
  if (guildIdOf(channel) === undefined) return DIRECT_MESSAGES;
  if (userId === world.guild.owner_id) return ALL;
  const member = world.members.get(userId);
  if (!member) return 0n;
  const held = [world.guild.id, ...member.roles];
  const base = world.guild.roles
    .filter(({ id }) => held.includes(id))
    .reduce((bits, { permissions }) => bits | BigInt(permissions), 0n);
  if (base & Permission.Administrator) return ALL;
  return applyOverwrites(base, overwritesOf(world, channel), {
    userId,
    roles: held,
    everyone: world.guild.id,
  });
}

/** Throws as Discord does where the bot lacks the view (50001) or one of the permissions (50013). */
export function requireBotPermissions(world: World, channel: Channel, ...needed: bigint[]): void {
  const held = permissionsIn(world, world.bot.id, channel);
  if (!(held & Permission.ViewChannel)) throw missingAccess();
  if (needed.some((permission) => !(held & permission))) throw missingPermissions();
}

const ALL = Object.values(Permission).reduce((bits, bit) => bits | bit, 0n);
const DIRECT_MESSAGES =
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

/** A thread has none of its own: its parent's count. */
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
