import {
  type APIApplicationCommand,
  type ApplicationCommandType,
  InteractionContextType as Context,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import { guildIdOf } from '../world/membership.ts';
import { permissionsIn } from '../world/permissions.ts';
import type { World } from '../world/world.ts';
import type { Act } from './act.ts';
import { contextOf, installationsOf } from './authorization.ts';

/**
 * The command of this name that a person is offered there; a guild's own comes before a global one. @throws {Error}
 * when Discord's client wouldn't show it.
 */
export function findOffered(
  world: World,
  act: Act,
  name: string,
  type: ApplicationCommandType,
): APIApplicationCommand {
  const command = reachable(world, act).find(
    (candidate) => candidate.name === name && candidate.type === type,
  );
  if (!command) throw new Error(`no command ${name} is registered`);
  const reason = reasonHidden(world, command, act);
  if (reason !== null) throw new Error(reason);
  return command;
}

/** All commands that a person is offered there. */
export function offeredCommands(world: World, act: Act): APIApplicationCommand[] {
  return reachable(world, act).filter((command) => reasonHidden(world, command, act) === null);
}

/** The guild's own commands, then the global ones of other names. */
function reachable(world: World, act: Act): APIApplicationCommand[] {
  const guildId = guildIdOf(act.channel);
  const commands = [...world.commands.values()];
  const own = commands.filter((command) => guildId !== undefined && command.guild_id === guildId);
  const isReplaced = ({ name, type }: APIApplicationCommand) =>
    own.some((command) => command.name === name && command.type === type);
  return [...own, ...commands.filter((command) => command.guild_id === undefined && !isReplaced(command))];
}

// The docs say that a command without contexts has all of them, but people have seen it lack PRIVATE_CHANNEL:
// github.com/discord/discord-api-docs/issues/7108 (unofficial).
const DEFAULT_CONTEXTS = [Context.Guild, Context.BotDM];

/** Why Discord's client doesn't show a command there; null when it does. */
function reasonHidden(world: World, command: APIApplicationCommand, act: Act): string | null {
  const context = contextOf(act.channel);
  if (!(command.contexts ?? DEFAULT_CONTEXTS).includes(context)) {
    return `${command.name} isn't offered here`;
  }
  if (installationsOf(world, act, command).length === 0) {
    return `${command.name} isn't offered for this installation`;
  }
  const isGuild = context === Context.Guild;
  const permissions = permissionsIn(world, act.user.id, act.channel);
  const needed =
    BigInt(command.default_member_permissions ?? 0) | (isGuild ? Permission.UseApplicationCommands : 0n);
  const onlyAdministrators =
    command.default_member_permissions === '0' && !(permissions & Permission.Administrator);
  return isGuild && ((permissions & needed) !== needed || onlyAdministrators)
    ? `${act.user.username} lacks the permission for ${command.name}`
    : null;
}
