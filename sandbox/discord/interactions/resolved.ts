import type { APIInteractionDataResolved, APIRole } from 'discord-api-types/v10';
import { guildOf } from '../world/membership.ts';
import { permissionsIn } from '../world/permissions.ts';
import type { Channel, World } from '../world/world.ts';
import type { Act } from './act.ts';

/** The object that Discord sends with an id that a person picked. @throws {Error} for an unknown id. */
export function resolveId(world: World, act: Act, id: string): APIInteractionDataResolved {
  const user = world.users.get(id);
  const role = guildOf(world, act.channel)?.profile.roles.find((candidate: APIRole) => candidate.id === id);
  const channel = world.channels.get(id);
  if (user) return { users: { [id]: user }, ...membersOf(world, act, id) };
  if (role) return { roles: { [id]: role } };
  if (channel) return { channels: { [id]: partialChannel(world, channel, act.user.id) } };
  throw new Error(`there is no person, role or channel ${id}`);
}

export function mergeResolved(parts: readonly APIInteractionDataResolved[]): APIInteractionDataResolved {
  const merged: Record<string, object> = {};
  for (const part of parts) {
    for (const [kind, items] of Object.entries(part)) merged[kind] = { ...merged[kind], ...items };
  }
  return merged;
}

/** A channel as an interaction carries it, with the person's permissions in it. */
export function partialChannel(world: World, channel: Channel, userId: string) {
  return { ...channel, name: channel.name ?? '', permissions: String(permissionsIn(world, userId, channel)) };
}

function membersOf(world: World, { channel }: Act, id: string): Pick<APIInteractionDataResolved, 'members'> {
  const member = guildOf(world, channel)?.members.get(id);
  if (!member) return {};
  const { user: _user, deaf: _deaf, mute: _mute, ...partial } = member;
  return { members: { [id]: { ...partial, permissions: '0' } } };
}
