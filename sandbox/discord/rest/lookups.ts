import { CreatePrivateChannelRequestSchema } from 'discord-api-spec/zod';
import { PermissionFlagsBits as Permission } from 'discord-api-types/v10';
import { invalidFormBody, missingAccess, unknownChannel, unknownMember, unknownUser } from '../errors.ts';
import { schemaErrors } from '../validate/schema.ts';
import { directMessagesWith } from '../world/direct-messages.ts';
import { guildIdOf, guildsOfBot } from '../world/membership.ts';
import { basePermissions, permissionsIn, requireBotPermissions } from '../world/permissions.ts';
import { applicationOwner } from '../world/teams.ts';
import type { Channel, Guild, World } from '../world/world.ts';
import { type Call, ok, type Reply, type Route, type RouteContext } from './route.ts';

/** Routes by which a bot asks about itself, people, guilds and channels. */
export function lookupRoutes(context: RouteContext): Route[] {
  const { world } = context;
  const get = (template: string, find: (call: Call) => unknown): Route => {
    return { method: 'GET', template, auth: 'bot', handle: (call) => ok(find(call)) };
  };
  const guild = (call: Call) => {
    const found = world.guilds.get(call.param('guild_id'));
    if (!found?.members.has(world.bot.id)) throw missingAccess();
    return found;
  };
  const user = (call: Call) => {
    const found = world.users.get(call.param('user_id'));
    if (!found) throw unknownUser();
    return found;
  };

  return [
    get('/gateway/bot', context.gatewayInfo),
    get('/users/@me', () => ({
      ...world.bot,
      mfa_enabled: true,
      verified: true,
      email: null,
      flags: 0,
      locale: 'en-US',
    })),
    get('/applications/@me', () => application(context)),
    get('/oauth2/applications/@me', () => application(context)),
    get('/users/@me/guilds', () => guildsOfBot(world).map((each) => partialGuild(world, each))),
    get('/users/{user_id}', user),
    get('/guilds/{guild_id}', (call) => ({ ...guild(call).profile, nsfw: false, home_header: null })),
    get('/guilds/{guild_id}/roles', (call) => guild(call).profile.roles),
    get('/guilds/{guild_id}/channels', (call) => channelsOf(world, guild(call))),
    get('/guilds/{guild_id}/members/{user_id}', (call) => {
      const member = guild(call).members.get(call.param('user_id'));
      if (!member) throw unknownMember();
      return member;
    }),
    get('/channels/{channel_id}', (call) => {
      const channel = world.channels.get(call.param('channel_id'));
      if (!channel) throw unknownChannel();
      requireBotPermissions(world, channel);
      return channel;
    }),
    {
      method: 'POST',
      template: '/users/@me/channels',
      auth: 'bot',
      handle: (call) => openDirectMessages(context, call),
    },
  ];
}

/** docs: resources/guild, get guild channels – without threads, and without channels that the bot may not view. */
function channelsOf(world: World, { profile }: Guild): Channel[] {
  return [...world.channels.values()]
    .filter((channel) => guildIdOf(channel) === profile.id && !('thread_metadata' in channel))
    .filter((channel) => permissionsIn(world, world.bot.id, channel) & Permission.ViewChannel);
}

function partialGuild(world: World, guild: Guild) {
  const { id, name, icon, banner, features, owner_id: ownerId } = guild.profile;
  return {
    id,
    name,
    icon,
    banner,
    features,
    owner: ownerId === world.bot.id,
    permissions: String(basePermissions(guild, world.bot.id)),
  };
}

function openDirectMessages({ world }: RouteContext, call: Call): Reply {
  const errors = schemaErrors(CreatePrivateChannelRequestSchema, call.body);
  if (errors.length > 0) throw invalidFormBody(errors);
  const { recipient_id: recipientId } = call.body as { recipient_id?: string };
  const user = world.users.get(recipientId ?? '');
  if (!user || user.bot) throw unknownUser();
  return ok(directMessagesWith(world, user));
}

function application({ world }: RouteContext) {
  const guilds = guildsOfBot(world);
  const { isPublic, contexts } = world.installation;
  return {
    id: world.bot.id,
    name: world.bot.global_name,
    icon: null,
    description: '',
    bot_public: isPublic,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    owner: applicationOwner(world),
    team: world.team,
    bot: world.bot,
    redirect_uris: [],
    interactions_endpoint_url: null,
    approximate_guild_count: guilds.length,
    approximate_user_install_count: 0,
    integration_types_config: Object.fromEntries(contexts.map((context) => [context, {}])),
    summary: '',
    type: null,
    flags_new: '0',
    explicit_content_filter: 0,
    eligible_oauth2_scopes: ['bot', 'applications.commands'],
    role_connections_verification_url: null,
    approximate_user_authorization_count: 0,
  };
}
