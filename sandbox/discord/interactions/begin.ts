import type { APIInteraction, InteractionType } from 'discord-api-types/v10';
import type { Cdn } from '../cdn.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { DEFAULT_FILE_LIMIT_BYTES } from '../rest/compose.ts';
import { guildOf } from '../world/membership.ts';
import { present } from '../world/messages.ts';
import { permissionsIn } from '../world/permissions.ts';
import type { Guild, World } from '../world/world.ts';
import type { Act } from './act.ts';
import {
  appPermissions,
  contextOf,
  isUserInstalledOnly,
  mustBeEphemeral,
  type Origin,
  ownersOf,
} from './authorization.ts';
import { createInteraction, type Interaction } from './interaction.ts';
import { createToken, type InteractionRecord, type InteractionRegistry } from './registry.ts';
import { partialChannel } from './resolved.ts';

export interface InteractionDeps {
  world: World;
  cdn: Cdn;
  interactions: InteractionRegistry;
  gateway: Gateway;
  /** Called with each interaction as it begins. */
  begun: (interaction: Interaction) => void;
}

/**
 * Starts an interaction. The bot receives it once `data` resolves, since uploads take a moment. The 3 seconds and 15
 * minutes count from now.
 */
export function begin(
  deps: InteractionDeps,
  act: Act,
  type: InteractionType,
  data: object | Promise<object>,
  origin: Origin = {},
  misshapen: Readonly<Record<string, unknown>> = {},
): Interaction {
  const { world, interactions, gateway, begun } = deps;
  const id = world.nextId();
  const fileLimit = act.attachmentSizeLimit ?? DEFAULT_FILE_LIMIT_BYTES;
  const owners = ownersOf(world, act, origin);
  const record: InteractionRecord = {
    id,
    token: createToken(id),
    type,
    createdAt: world.clock.now(),
    user: act.user,
    channel: act.channel,
    payload: {} as APIInteraction,
    delivered: Promise.resolve(),
    source: origin.source,
    trigger: origin.trigger,
    fileLimit,
    owners,
    userInstalled: isUserInstalledOnly(owners),
    mustBeEphemeral: mustBeEphemeral(world, act, owners),
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
  begun(interaction);
  record.delivered = Promise.resolve(data).then((ready) => {
    record.payload = { ...record.payload, data: ready, ...misshapen } as APIInteraction;
    gateway.interact(record.payload);
  });
  return interaction;
}

/** docs: interactions/receiving-and-responding, interaction structure. */
function payloadOf({ world, cdn }: InteractionDeps, act: Act, record: InteractionRecord): APIInteraction {
  const guild = guildOf(world, act.channel);
  const payload = {
    id: record.id,
    application_id: world.bot.id,
    type: record.type,
    token: record.token,
    version: 1 as const,
    channel_id: act.channel.id,
    channel: partialChannel(world, act.channel, act.user.id),
    app_permissions: String(appPermissions(world, record)),
    locale: act.locale ?? 'en-US',
    entitlements: [],
    authorizing_integration_owners: record.owners,
    context: contextOf(act.channel),
    attachment_size_limit: record.fileLimit,
    ...(record.source && { message: present(record.source, cdn.sign) }),
    ...(guild ? inGuild(world, guild, act) : { user: act.user }),
  };
  return payload as unknown as APIInteraction;
}

function inGuild(world: World, { profile, members }: Guild, { user, channel }: Act) {
  const { id, preferred_locale: locale, features } = profile;
  return {
    guild_id: id,
    guild: { id, locale, features },
    guild_locale: locale,
    member: {
      ...members.get(user.id),
      user,
      permissions: String(permissionsIn(world, user.id, channel)),
    },
  };
}
