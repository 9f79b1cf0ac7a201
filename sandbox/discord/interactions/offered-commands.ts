import {
  type APIApplicationCommand,
  type ApplicationCommandType,
  InteractionContextType as Context,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import { guildIdOf } from '../world/membership.ts';
import { permissionsIn } from '../world/permissions.ts';
import type { World } from '../world/world.ts';
import { contextOf, installationsOf } from './authorization.ts';
import type { Act } from './begin.ts';

/**
 * The command of that name a person is offered there; a guild's own goes before a global one.
 * @throws {Error} where Discord's client wouldn't show it.
 */
export function findOffered(
  world: World,
  act: Act,
  name: string,
  type: ApplicationCommandType,
): APIApplicationCommand {
  const guildId = guildIdOf(act.channel);
  const named = [...world.commands.values()].filter(
    (command) => command.name === name && command.type === type,
  );
  const command =
    named.find((candidate) => guildId !== undefined && candidate.guild_id === guildId) ??
    named.find((candidate) => candidate.guild_id === undefined);
  if (!command) throw new Error(`no command ${name} is registered`);
  refuseHidden(world, command, act);
  return command;
}

// The docs say that a command without contexts has all of them; it was seen to lack PRIVATE_CHANNEL:
// github.com/discord/discord-api-docs/issues/7108 (unofficial).
const DEFAULT_CONTEXTS = [Context.Guild, Context.BotDM];

function refuseHidden(world: World, command: APIApplicationCommand, act: Act): void {
  const context = contextOf(act.channel);
  if (!(command.contexts ?? DEFAULT_CONTEXTS).includes(context)) {
    throw new Error(`${command.name} isn't offered here`);
  }
  if (installationsOf(world, act, command).length === 0) {
    throw new Error(`${command.name} isn't offered for this installation`);
  }
  const isGuild = context === Context.Guild;
  const permissions = permissionsIn(world, act.user.id, act.channel);
  const needed =
    BigInt(command.default_member_permissions ?? 0) | (isGuild ? Permission.UseApplicationCommands : 0n);
  const onlyAdministrators =
    command.default_member_permissions === '0' && !(permissions & Permission.Administrator);
  if (isGuild && ((permissions & needed) !== needed || onlyAdministrators)) {
    throw new Error(`${act.user.username} lacks the permission for ${command.name}`);
  }
}
