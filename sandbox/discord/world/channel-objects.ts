import {
  type APIGroupDMChannel,
  type APIPublicThreadChannel,
  type APIUser,
  type ChannelFlags,
  ChannelType,
  ForumLayoutType,
  VideoQualityMode,
} from 'discord-api-types/v10';

const NO_FLAGS = 0 as ChannelFlags;

/** What tells one channel of a guild from another. */
interface GuildChannelIdentity {
  id: string;
  guildId: string;
  name: string;
  position: number;
}

export function textChannel(identity: GuildChannelIdentity) {
  return { ...guildChannel(identity), type: ChannelType.GuildText as const, topic: null };
}

export function voiceChannel(identity: GuildChannelIdentity) {
  return {
    ...guildChannel(identity),
    type: ChannelType.GuildVoice as const,
    bitrate: 64_000,
    user_limit: 0,
    rtc_region: null,
    video_quality_mode: VideoQualityMode.Auto,
  };
}

export function forumChannel(identity: GuildChannelIdentity) {
  return {
    ...guildChannel(identity),
    type: ChannelType.GuildForum as const,
    topic: null,
    available_tags: [],
    default_reaction_emoji: null,
    default_sort_order: null,
    default_forum_layout: ForumLayoutType.NotSet,
  };
}

function guildChannel({ id, guildId, name, position }: GuildChannelIdentity) {
  return {
    id,
    guild_id: guildId,
    name,
    position,
    parent_id: null,
    nsfw: false,
    permission_overwrites: [],
    rate_limit_per_user: 0,
    last_message_id: null,
    last_pin_timestamp: null,
    flags: NO_FLAGS,
  };
}

/** A thread of a text channel, or a post of a forum. */
export function thread(
  id: string,
  name: string,
  parent: Pick<ReturnType<typeof textChannel | typeof forumChannel>, 'id' | 'guild_id' | 'type'>,
  { owner, startedAt }: { owner: APIUser; startedAt: string },
): APIPublicThreadChannel {
  return {
    id,
    type: ChannelType.PublicThread,
    guild_id: parent.guild_id,
    parent_id: parent.id,
    name,
    owner_id: owner.id,
    last_message_id: null,
    message_count: 0,
    member_count: 1,
    total_message_sent: 0,
    flags: NO_FLAGS,
    rate_limit_per_user: 0,
    ...(parent.type === ChannelType.GuildForum && { applied_tags: [] }),
    thread_metadata: {
      archived: false,
      locked: false,
      auto_archive_duration: 4320,
      archive_timestamp: startedAt,
      create_timestamp: startedAt,
    },
  };
}

export function groupDm(id: string, recipients: APIUser[], owner: APIUser): APIGroupDMChannel {
  return {
    id,
    type: ChannelType.GroupDM,
    name: null,
    icon: null,
    owner_id: owner.id,
    recipients,
    last_message_id: null,
    flags: NO_FLAGS,
  };
}
