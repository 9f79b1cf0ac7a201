import { EventEmitter } from 'node:events';
import {
  type APIApplicationCommand,
  type APIDMChannel,
  type APIGroupDMChannel,
  type APIGuild,
  type APIGuildForumChannel,
  type APIGuildMember,
  type APIGuildVoiceChannel,
  type APIMessage,
  type APITeam,
  type APITextChannel,
  type APIThreadChannel,
  type APIUser,
  ApplicationIntegrationType,
} from 'discord-api-types/v10';
import type { Clock } from '../../clock.ts';
import type { RecordedRequest } from '../rest/record.ts';
import type { Pings } from './mentions.ts';
import { createSnowflakes } from './snowflakes.ts';

export type Channel =
  | APITextChannel
  | APIGuildVoiceChannel
  | APIGuildForumChannel
  | APIThreadChannel
  | APIDMChannel
  | APIGroupDMChannel;
export type User = APIUser;

/** A server as the API returns it, and its members. */
export interface Guild {
  profile: APIGuild;
  members: Map<string, APIGuildMember>;
}

/** The initial places, one of each kind. */
export interface Places {
  /** #general, the default place of people's actions. */
  channel: Channel;
  /** #art */
  otherChannel: Channel;
  /** A thread of #general. */
  thread: Channel;
  /** A post in a forum. */
  forumPost: Channel;
  /** A voice channel, which has a text chat. */
  voice: Channel;
  /** A group of alice, bob and carol. The bot is not in it. */
  groupDm: Channel;
  /** #lounge of a second guild, with alice, bob and carol. The bot is not in it. */
  elsewhere: Channel;
}

/** A message as Discord stores it, with facts that the API doesn't show. */
export interface Message extends APIMessage {
  /** The people and roles that the text notifies after `allowed_mentions` was applied. */
  pings: Pings;
  /** The only person who sees an ephemeral message; `null` when everyone in the channel does. */
  visibleTo: string | null;
}

/** `doubted`: a RESUME was answered with an invalid session that may be resumed. */
export type SessionState = 'ready' | 'resumed' | 'doubted' | 'disconnected' | 'ended';

export interface DiscordEvents {
  message: [message: Message, change: 'created' | 'edited'];
  messageDelete: [message: Message];
  channel: [channel: Channel, change: 'updated' | 'deleted'];
  request: [request: RecordedRequest];
  guild: [guild: Guild];
  /** A client asked for a gateway connection and got this HTTP status; 0 when it left before. */
  upgrade: [status: number];
  session: [session: { id: string; shard: number; state: SessionState }];
  commands: [commands: readonly APIApplicationCommand[]];
}

/** The whole state of this Discord; the REST routes and the gateway read and change it. */
export interface World {
  clock: Clock;
  events: EventEmitter<DiscordEvents>;
  nextId: () => string;
  bot: User;
  users: Map<string, User>;
  guilds: Map<string, Guild>;
  channels: Map<string, Channel>;
  places: Places;
  messages: Map<string, Message>;
  commands: Map<string, APIApplicationCommand>;
  /**
   * Whether the bot has the privileged MESSAGE_CONTENT intent. REST follows the application's settings, not a session's
   * intents (docs: events/gateway, privileged intents). Here the setting counts as enabled once a session asks for the
   * intent.
   */
  readsContent: boolean;
  /** Who may add the application, and where: its owner's choice in the developer portal. */
  installation: { isPublic: boolean; contexts: readonly ApplicationIntegrationType[] };
  /** The team that owns the application; null when one person owns it. */
  team: APITeam | null;
  /** People who accept no direct messages. */
  closedDms: Set<string>;
}

/** The initial parts of a world. */
export type Population = Pick<World, 'bot' | 'users' | 'guilds' | 'channels' | 'places'>;

export function createWorld(clock: Clock, populate: (nextId: () => string) => Population): World {
  const nextId = createSnowflakes(clock);
  return {
    clock,
    nextId,
    ...populate(nextId),
    events: new EventEmitter<DiscordEvents>(),
    messages: new Map(),
    commands: new Map(),
    readsContent: false,
    installation: {
      isPublic: true,
      contexts: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    },
    team: null,
    closedDms: new Set(),
  };
}
