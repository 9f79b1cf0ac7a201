import {
  type APIGuild,
  type APIGuildMember,
  type APIRole,
  type APIUser,
  type ChannelFlags,
  ChannelType,
  GuildMemberFlags,
  Locale,
  PermissionFlagsBits as Permission,
  type RoleFlags,
  type UserFlags,
} from 'discord-api-types/v10';
import type { Population } from './world.ts';

/** Seeds one guild: the bot, alice (a moderator), bob and carol; #general with a thread in it, and #art. */
export function populate(nextId: () => string, now: number, botId: string = nextId()): Population {
  const guildId = nextId();
  const joinedAt = new Date(now).toISOString();
  const bot: APIUser = { ...person(botId, 'imagine', 'Imagine'), bot: true, discriminator: '0001' };
  const [owner, alice, bob, carol] = [
    person(nextId(), 'olivia', 'Olivia'),
    person(nextId(), 'alice', 'Alice'),
    person(nextId(), 'bob', 'Bob'),
    person(nextId(), 'carol', null),
  ] as const;
  const everyone = role(guildId, '@everyone', EVERYONE, 0);
  const moderator = role(nextId(), 'Moderator', EVERYONE | MODERATOR, 2);
  const botRole = { ...role(nextId(), 'Imagine', EVERYONE, 1), managed: true, tags: { bot_id: bot.id } };
  const generalId = nextId();

  return {
    bot,
    guild: guildOf(guildId, owner.id, [everyone, moderator, botRole]),
    users: byId([bot, owner, alice, bob, carol]),
    members: new Map([
      [bot.id, member(bot, [botRole.id], joinedAt)],
      [owner.id, member(owner, [], joinedAt)],
      [alice.id, member(alice, [moderator.id], joinedAt)],
      [bob.id, member(bob, [], joinedAt)],
      [carol.id, member(carol, [], joinedAt)],
    ]),
    channels: byId([
      textChannel(generalId, guildId, 'general', 0),
      textChannel(nextId(), guildId, 'art', 1),
      {
        id: nextId(),
        type: ChannelType.PublicThread,
        guild_id: guildId,
        parent_id: generalId,
        name: 'landscapes',
        owner_id: alice.id,
        last_message_id: null,
        message_count: 0,
        member_count: 1,
        total_message_sent: 0,
        flags: NO_FLAGS as ChannelFlags,
        rate_limit_per_user: 0,
        thread_metadata: {
          archived: false,
          locked: false,
          auto_archive_duration: 4320,
          archive_timestamp: joinedAt,
          create_timestamp: joinedAt,
        },
      },
    ]),
  };
}

const EVERYONE =
  Permission.ViewChannel |
  Permission.SendMessages |
  Permission.SendMessagesInThreads |
  Permission.EmbedLinks |
  Permission.AttachFiles |
  Permission.ReadMessageHistory |
  Permission.UseApplicationCommands |
  Permission.UseExternalApps |
  Permission.UseExternalEmojis |
  Permission.AddReactions;
const MODERATOR = Permission.ManageMessages | Permission.ManageGuild | Permission.MentionEveryone;

const NO_FLAGS = 0;

function person(id: string, username: string, globalName: string | null): APIUser {
  return {
    id,
    username,
    global_name: globalName,
    discriminator: '0',
    avatar: null,
    banner: null,
    accent_color: null,
    flags: NO_FLAGS as UserFlags,
    public_flags: NO_FLAGS as UserFlags,
    primary_guild: null,
    avatar_decoration_data: null,
    collectibles: null,
  };
}

function member(user: APIUser, roles: string[], joinedAt: string): APIGuildMember {
  return {
    user,
    roles,
    joined_at: joinedAt,
    nick: null,
    avatar: null,
    banner: null,
    deaf: false,
    mute: false,
    pending: false,
    premium_since: null,
    communication_disabled_until: null,
    flags: GuildMemberFlags.CompletedOnboarding,
  };
}

function role(id: string, name: string, permissions: bigint, position: number): APIRole {
  return {
    id,
    name,
    permissions: String(permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: NO_FLAGS as RoleFlags,
  };
}

function textChannel(id: string, guildId: string, name: string, position: number) {
  return {
    id,
    type: ChannelType.GuildText as const,
    guild_id: guildId,
    name,
    position,
    parent_id: null,
    topic: null,
    nsfw: false,
    permission_overwrites: [],
    rate_limit_per_user: 0,
    last_message_id: null,
    last_pin_timestamp: null,
    flags: NO_FLAGS as ChannelFlags,
  };
}

function guildOf(id: string, ownerId: string, roles: APIRole[]): APIGuild {
  return {
    id,
    name: 'The studio',
    owner_id: ownerId,
    roles,
    preferred_locale: Locale.EnglishUS,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    features: [],
    emojis: [],
    stickers: [],
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 1,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: NO_FLAGS as APIGuild['system_channel_flags'],
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    nsfw_level: 0,
    max_members: 500_000,
    max_presences: null,
    max_video_channel_users: 25,
    max_stage_video_channel_users: 50,
    widget_enabled: false,
    widget_channel_id: null,
    hub_type: null,
    incidents_data: null,
  };
}

function byId<T extends { id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
