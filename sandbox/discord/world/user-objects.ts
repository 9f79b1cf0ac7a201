import { type APIGuildMember, type APIUser, GuildMemberFlags, type UserFlags } from 'discord-api-types/v10';

const NO_FLAGS = 0 as UserFlags;

export function person(id: string, username: string, globalName: string | null): APIUser {
  return {
    id,
    username,
    global_name: globalName,
    discriminator: '0',
    avatar: null,
    banner: null,
    accent_color: null,
    flags: NO_FLAGS,
    public_flags: NO_FLAGS,
    primary_guild: null,
    avatar_decoration_data: null,
    collectibles: null,
  };
}

export function member(user: APIUser, joinedAt: string, roles: string[] = []): APIGuildMember {
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
