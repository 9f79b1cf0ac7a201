import { ComponentType as Type } from 'discord-api-types/v10';
import type { AnyComponent } from '../world/components.ts';
import { guildIdOf, guildOf } from '../world/membership.ts';
import { maySee, permissionsIn } from '../world/permissions.ts';
import type { World } from '../world/world.ts';
import type { Act } from './act.ts';

/** Select menus whose values are ids; Discord's client fills these. */
export const ID_SELECTS = new Set<number>([
  Type.UserSelect,
  Type.RoleSelect,
  Type.MentionableSelect,
  Type.ChannelSelect,
]);

/** @throws {Error} that names an id that Discord's client doesn't offer in such a menu. */
export function checkIds(world: World, act: Act, menu: AnyComponent, ids: readonly string[]): void {
  if (!ID_SELECTS.has(menu.type)) return;
  const stray = ids.find((id) => !isOffered(world, act, menu, id));
  if (stray !== undefined) throw new Error(`${menu.custom_id} doesn't offer ${stray}`);
}

function isOffered(world: World, act: Act, menu: AnyComponent, id: string): boolean {
  switch (menu.type) {
    case Type.UserSelect:
      return world.users.has(id);
    case Type.RoleSelect:
      return isRole(world, act, id);
    case Type.MentionableSelect:
      return world.users.has(id) || isRole(world, act, id);
    default:
      return isChannel(world, act, id, menu.channel_types);
  }
}

/** False for the role of everyone (github.com/discord/discord-api-docs/issues/6894, unofficial). */
function isRole(world: World, { channel }: Act, id: string): boolean {
  const profile = guildOf(world, channel)?.profile;
  return id !== profile?.id && (profile?.roles.some((role) => role.id === id) ?? false);
}

function isChannel(world: World, act: Act, id: string, types: unknown): boolean {
  const channel = world.channels.get(id);
  if (!channel || guildIdOf(channel) !== guildIdOf(act.channel)) return false;
  if (!maySee(channel, permissionsIn(world, act.user.id, channel))) return false;
  return !Array.isArray(types) || types.length === 0 || types.includes(channel.type);
}
