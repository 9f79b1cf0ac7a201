import {
  type APIInteraction,
  InteractionContextType as Context,
  ApplicationIntegrationType as Installation,
  type InteractionType,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import type { Cdn } from '../cdn.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { DEFAULT_FILE_LIMIT_BYTES } from '../rest/compose.ts';
import { present } from '../world/messages.ts';
import { permissionsIn } from '../world/permissions.ts';
import { type Channel, guildIdOf, type Message, type User, type World } from '../world/world.ts';
import { createInteraction, type Interaction } from './interaction.ts';
import { createToken, type InteractionRecord, type InteractionRegistry } from './registry.ts';
import { partialChannel } from './resolved.ts';

export interface InteractionDeps {
  world: World;
  cdn: Cdn;
  interactions: InteractionRegistry;
  gateway: Gateway;
}

/** Who does something where. */
export interface Act {
  user: User;
  channel: Channel;
  /** The person's language; default `en-US`. */
  locale?: string | undefined;
  /** Bytes a file of the answer may have; default 10 MiB. */
  attachmentSizeLimit?: number | undefined;
  /** The bot was installed by the person, not by the guild. */
  userInstalled?: boolean | undefined;
}

/**
 * Starts an interaction: the bot hears of it as soon as `data` is there (uploads take a moment).
 * The 3 seconds and 15 minutes run from now.
 */
export function begin(
  deps: InteractionDeps,
  act: Act,
  type: InteractionType,
  data: object | Promise<object>,
  links: { source?: Message | undefined; trigger?: InteractionRecord | undefined } = {},
): Interaction {
  const { world, interactions, gateway } = deps;
  const id = world.nextId();
  const fileLimit = act.attachmentSizeLimit ?? DEFAULT_FILE_LIMIT_BYTES;
  const record: InteractionRecord = {
    id,
    token: createToken(id),
    type,
    createdAt: world.clock.now(),
    user: act.user,
    channel: act.channel,
    payload: {} as APIInteraction,
    source: links.source,
    trigger: links.trigger,
    fileLimit,
    userInstalled: act.userInstalled ?? false,
    mustBeEphemeral: mustBeEphemeral(world, act),
    acknowledged: false,
    firstResponse: Promise.withResolvers(),
    originalId: undefined,
    history: [],
    messageIds: new Set(),
    followUps: 0,
    revoked: false,
  };
  record.payload = payloadOf(deps, act, record);
  interactions.add(record);
  const interaction = createInteraction(world, record);
  world.events.emit('interaction', interaction);
  void Promise.resolve(data).then((ready) => {
    record.payload = { ...record.payload, data: ready } as APIInteraction;
    gateway.interact(record.payload);
  });
  return interaction;
}

/** docs: interactions/receiving-and-responding, interaction structure. */
function payloadOf({ world, cdn }: InteractionDeps, act: Act, record: InteractionRecord): APIInteraction {
  const guildId = guildIdOf(act.channel);
  const member = world.members.get(act.user.id);
  const payload = {
    id: record.id,
    application_id: world.bot.id,
    type: record.type,
    token: record.token,
    version: 1 as const,
    channel_id: act.channel.id,
    channel: partialChannel(world, act.channel, act.user.id),
    app_permissions: String(appPermissions(world, act)),
    locale: act.locale ?? 'en-US',
    entitlements: [],
    authorizing_integration_owners: act.userInstalled
      ? { [Installation.UserInstall]: act.user.id }
      : { [Installation.GuildInstall]: guildId ?? '0' },
    context: guildId === undefined ? Context.BotDM : Context.Guild,
    attachment_size_limit: record.fileLimit,
    ...(record.source && { message: present(record.source, cdn.sign) }),
    ...(guildId === undefined
      ? { user: act.user }
      : {
          guild_id: guildId,
          guild: { id: guildId, locale: world.guild.preferred_locale, features: world.guild.features },
          guild_locale: world.guild.preferred_locale,
          member: {
            ...member,
            user: act.user,
            permissions: String(permissionsIn(world, act.user.id, act.channel)),
          },
        }),
  };
  return payload as unknown as APIInteraction;
}

/** docs: the same page – an app always has these where it is interacted with. */
function appPermissions(world: World, { channel, userInstalled }: Act): bigint {
  const always = Permission.AttachFiles | Permission.EmbedLinks | Permission.MentionEveryone;
  return userInstalled ? always : always | permissionsIn(world, world.bot.id, channel);
}

function mustBeEphemeral(world: World, { channel, user, userInstalled }: Act): boolean {
  const mayUseExternalApps = permissionsIn(world, user.id, channel) & Permission.UseExternalApps;
  return userInstalled === true && guildIdOf(channel) !== undefined && !mayUseExternalApps;
}
