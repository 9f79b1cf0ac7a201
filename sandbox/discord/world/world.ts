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

/** A server as the API shows it, and who is in it. */
export interface Guild {
  profile: APIGuild;
  members: Map<string, APIGuildMember>;
}

/** Where people are from the start: one place of each kind. */
export interface Places {
  /** #general, where people act unless told otherwise. */
  channel: Channel;
  /** #art */
  otherChannel: Channel;
  /** A thread of #general. */
  thread: Channel;
  /** A post in a forum. */
  forumPost: Channel;
  /** A voice channel, whose text chat takes messages. */
  voice: Channel;
  /** A group of alice, bob and carol. The bot is not in it. */
  groupDm: Channel;
  /** #lounge of a second guild, with alice, bob and carol. The bot is not in it. */
  elsewhere: Channel;
}

/** A message as Discord keeps it, plus what only its servers and the people in front of it know. */
export interface Message extends APIMessage {
  /** Whom the text notifies after `allowed_mentions` was applied. */
  pings: Pings;
  /** The one person who sees an ephemeral message; `null` where everyone in the channel does. */
  visibleTo: string | null;
}

/** `doubted` where a RESUME was answered with an invalid session that may be resumed. */
export type SessionState = 'ready' | 'resumed' | 'doubted' | 'disconnected' | 'ended';

export interface DiscordEvents {
  message: [message: Message, change: 'created' | 'edited'];
  messageDelete: [message: Message];
  channel: [channel: Channel, change: 'updated' | 'deleted'];
  request: [request: RecordedRequest];
  guild: [guild: Guild];
  /** Somebody wants a connection to the gateway, and gets this HTTP status; 0 where they left without one. */
  upgrade: [status: number];
  session: [session: { id: string; shard: number; state: SessionState }];
  commands: [commands: readonly APIApplicationCommand[]];
}

/** Everything this Discord knows; the REST routes and the gateway only read and change it. */
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
   * Whether the bot has the privileged MESSAGE_CONTENT intent. REST goes by the application's settings, not by a
   * session's intents (docs: events/gateway, privileged intents); they count as set once a session asks for it.
   */
  readsContent: boolean;
  /** Who may add the application, and where to: what its owner chose in the developer portal. */
  installation: { isPublic: boolean; contexts: readonly ApplicationIntegrationType[] };
  /** Whose the application is; null where it is one person's. */
  team: APITeam | null;
  /** People who take no direct messages. */
  closedDms: Set<string>;
}

/** The parts of a world that are there from the start. */
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
