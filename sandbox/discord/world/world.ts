import { EventEmitter } from 'node:events';
import type {
  APIApplicationCommand,
  APIDMChannel,
  APIGuild,
  APIGuildMember,
  APIMessage,
  APITextChannel,
  APIThreadChannel,
  APIUser,
} from 'discord-api-types/v10';
import type { Clock } from '../../clock.ts';
import type { Interaction } from '../interactions/interaction.ts';
import type { RecordedRequest } from '../rest/record.ts';
import type { Pings } from './mentions.ts';
import { createSnowflakes } from './snowflakes.ts';

export type Channel = APITextChannel | APIThreadChannel | APIDMChannel;
export type User = APIUser;

/** A message as Discord keeps it, plus what only its servers and the people in front of it know. */
export interface Message extends APIMessage {
  /** Whom the text notifies after `allowed_mentions` was applied. */
  pings: Pings;
  /** The one person who sees an ephemeral message; `null` where everyone in the channel does. */
  visibleTo: string | null;
}

export interface DiscordEvents {
  message: [message: Message, change: 'created' | 'edited'];
  messageDelete: [message: Message];
  channel: [channel: Channel, change: 'updated' | 'deleted'];
  interaction: [interaction: Interaction];
  request: [request: RecordedRequest];
  session: [session: { id: string; state: 'ready' | 'resumed' | 'disconnected' | 'ended' }];
  commands: [commands: readonly APIApplicationCommand[]];
}

/** Everything this Discord knows; the REST routes and the gateway only read and change it. */
export interface World {
  clock: Clock;
  events: EventEmitter<DiscordEvents>;
  nextId: () => string;
  bot: User;
  guild: APIGuild;
  users: Map<string, User>;
  members: Map<string, APIGuildMember>;
  channels: Map<string, Channel>;
  messages: Map<string, Message>;
  commands: Map<string, APIApplicationCommand>;
  /** People who take no direct messages. */
  closedDms: Set<string>;
}

/** The parts of a world that are there from the start. */
export type Population = Pick<World, 'bot' | 'guild' | 'users' | 'members' | 'channels'>;

export function createWorld(clock: Clock, populate: (nextId: () => string) => Population): World {
  const nextId = createSnowflakes(clock);
  return {
    clock,
    nextId,
    ...populate(nextId),
    events: new EventEmitter<DiscordEvents>(),
    messages: new Map(),
    commands: new Map(),
    closedDms: new Set(),
  };
}

/** The guild a channel belongs to; `undefined` for direct messages. */
export function guildIdOf(channel: Channel): string | undefined {
  return 'guild_id' in channel ? channel.guild_id : undefined;
}
