import {
  type APIApplicationCommand,
  type APIAuthorizingIntegrationOwnersMap,
  InteractionContextType as Context,
  ApplicationIntegrationType as Installation,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import { guildIdOf, isBotsDm, isIn } from '../world/membership.ts';
import { permissionsIn, sendPermission } from '../world/permissions.ts';
import type { Channel, Message, World } from '../world/world.ts';
import type { Act } from './act.ts';
import type { InteractionRecord } from './registry.ts';

export type Owners = APIAuthorizingIntegrationOwnersMap;

/** The origin of an interaction: a command, or a component of a message, or a modal. */
export interface Origin {
  command?: APIApplicationCommand | undefined;
  source?: Message | undefined;
  trigger?: InteractionRecord | undefined;
}

export function contextOf(channel: Channel): Context {
  if (guildIdOf(channel) !== undefined) return Context.Guild;
  return isBotsDm(channel) ? Context.BotDM : Context.PrivateChannel;
}

/** The installations that authorize an interaction; for a command, only those that it supports. */
export function installationsOf(world: World, act: Act, command?: APIApplicationCommand): Installation[] {
  const held = isIn(world, world.bot.id, act.channel) ? heldWhereBotIs(act) : [Installation.UserInstall];
  // A guild's own commands have no installation types; they belong to the guild's installation.
  const supported = command ? (command.integration_types ?? [Installation.GuildInstall]) : held;
  return held.filter((installation) => supported.includes(installation));
}

function heldWhereBotIs({ userInstalled }: Act): Installation[] {
  if (userInstalled === 'too') return [Installation.GuildInstall, Installation.UserInstall];
  return [userInstalled ? Installation.UserInstall : Installation.GuildInstall];
}

/**
 * docs: interactions/receiving-and-responding, authorizing integration owners object – a message or a modal that came
 * from an interaction stays authorized by that interaction's owners, whoever uses it.
 */
export function ownersOf(world: World, act: Act, { command, source, trigger }: Origin): Owners {
  const inherited = trigger?.owners ?? source?.interaction_metadata?.authorizing_integration_owners;
  if (inherited && act.userInstalled === undefined) return inherited;
  const installations = installationsOf(world, act, command);
  return {
    ...(installations.includes(Installation.GuildInstall) && {
      [Installation.GuildInstall]: guildIdOf(act.channel) ?? '0',
    }),
    ...(installations.includes(Installation.UserInstall) && { [Installation.UserInstall]: act.user.id }),
  };
}

export function isUserInstalledOnly(owners: Owners): boolean {
  return !(Installation.GuildInstall in owners);
}

const IN_PRIVATE = Permission.AttachFiles | Permission.EmbedLinks | Permission.MentionEveryone;
const IN_BOTS_DM = IN_PRIVATE | Permission.UseExternalEmojis;
// docs: change-log, calculated permissions in interaction payloads – "the permissions that can be used in interaction responses".
const IN_RESPONSES = IN_BOTS_DM;

/**
 * `app_permissions` (docs: interactions/receiving-and-responding, interaction structure). An app that only the person
 * installed is "forced to respect the user's permissions" (docs: resources/application, user context). This takes the
 * strict reading, that the value then only has the permissions of a response (unofficial).
 */
export function appPermissions(
  world: World,
  { channel, user, owners }: Pick<InteractionRecord, 'channel' | 'user' | 'owners'>,
): bigint {
  switch (contextOf(channel)) {
    case Context.BotDM:
      return IN_BOTS_DM;
    case Context.PrivateChannel:
      return IN_PRIVATE;
    default:
      return isUserInstalledOnly(owners)
        ? permissionsIn(world, user.id, channel) & IN_RESPONSES
        : permissionsIn(world, world.bot.id, channel);
  }
}

/** docs: topics/permissions, USE_EXTERNAL_APPS; resources/application, user context, on SEND_MESSAGES. */
export function mustBeEphemeral(world: World, { channel, user }: Act, owners: Owners): boolean {
  if (contextOf(channel) !== Context.Guild || !isUserInstalledOnly(owners)) return false;
  const needed = Permission.UseExternalApps | sendPermission(channel);
  return (permissionsIn(world, user.id, channel) & needed) !== needed;
}
