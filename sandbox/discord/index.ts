import { randomBytes } from 'node:crypto';
import { type EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { APIApplicationCommand, APIGuild, APIMessage } from 'discord-api-types/v10';
import { type Clock, createClock } from '../clock.ts';
import { originAt, type Tls } from '../tls.ts';
import { createCdn } from './cdn.ts';
import { createFaults, type Faults } from './faults.ts';
import { createGateway } from './gateway/gateway.ts';
import { createSharding, type ShardingOptions } from './gateway/sharding.ts';
import { createInteract, type Interact } from './interactions/interact.ts';
import type { Interaction } from './interactions/interaction.ts';
import { createInteractionRegistry } from './interactions/registry.ts';
import { type People, peopleOf } from './people.ts';
import { callbackRoutes } from './rest/callback.ts';
import { commandRoutes, commandsOf } from './rest/commands.ts';
import { createRestFaults } from './rest/faults.ts';
import { lookupRoutes } from './rest/lookups.ts';
import { messageRoutes } from './rest/messages.ts';
import { createRateLimits } from './rest/rate-limits.ts';
import type { RecordedRequest } from './rest/record.ts';
import { createRestServer } from './rest/server.ts';
import { webhookRoutes } from './rest/webhooks.ts';
import { createSay, type Say } from './say.ts';
import { directMessagesWith } from './world/direct-messages.ts';
import { guildOf } from './world/membership.ts';
import { present } from './world/messages.ts';
import { addBot, addPerson } from './world/newcomers.ts';
import { populate } from './world/population.ts';
import { addServer, type SmallServer } from './world/servers.ts';
import { type TeamPeople, teamOf } from './world/teams.ts';
import {
  type Channel,
  createWorld,
  type DiscordEvents,
  type Message,
  type Places,
  type User,
  type World,
} from './world/world.ts';

export type { OptionValue } from './interactions/command-options.ts';
export type { Interaction } from './interactions/interaction.ts';
export type { PersonFile } from './interactions/person-file.ts';
export type { FirstResponse } from './interactions/registry.ts';
export type { RestFault } from './rest/faults.ts';
export type { RecordedRequest } from './rest/record.ts';
export type { LinkPreview, WebPicture } from './say.ts';
export type { Channel, DiscordEvents, Message, User } from './world/world.ts';

/** A small, strict Discord on loopback: REST v10, gateway v10 and CDN on one port. */
export interface Discord extends Places {
  /** For `DISCORD_API_URL`; REST is at `/v10` below it. */
  apiUrl: string;
  /** The bot token that it accepts. */
  token: string;
  applicationId: string;
  clock: Clock;
  bot: User;
  /** The guild of all places except `groupDm` and `elsewhere`. */
  guild: APIGuild;
  people: People;
  /** Decides who may add the application, and where to. */
  setInstallation(installation: World['installation']): void;
  /** Hands the application over to a team. */
  handOverTo(team: TeamPeople): void;
  /** Invites the bot to another server, of which alice, bob and carol are members too. */
  addServer(name: string): SmallServer;
  /** Adds a person who joins these servers. */
  addPerson(username: string, guilds: readonly Pick<APIGuild, 'id'>[]): User;
  /** Adds another application's bot, which joins these servers. */
  addBot(username: string, guilds: readonly Pick<APIGuild, 'id'>[]): User;
  /** The direct messages between a person and the bot, or between two people. */
  dm(user: User, other?: User): Channel;
  /** The commands that the bot has registered, globally or in a guild. */
  commands(guildId?: string): readonly APIApplicationCommand[];
  /** Resolves once a session is ready and commands are registered. */
  ready(signal?: AbortSignal): Promise<void>;
  interact: Interact;
  say: Say;
  /** All messages that still exist, oldest first, including ephemeral ones. */
  messages(channelId?: string): Message[];
  /** A message as Discord's client gets it, with fresh signatures, and with its files in the embeds that name them. */
  shown(message: Message): APIMessage;
  /** Calls back on events; the returned function stops it. */
  on<Name extends keyof DiscordEvents>(
    event: Name,
    listener: (...args: DiscordEvents[Name]) => void,
  ): () => void;
  /** Calls back as each interaction begins. */
  onInteraction(listener: (interaction: Interaction) => void): void;
  /** Every REST request so far. */
  requests: readonly RecordedRequest[];
  /** The names of all files fetched from the CDN so far. */
  fetched: readonly string[];
  faults: Faults;
  /** Ends at once, even with open connections. */
  close(): Promise<void>;
}

export interface DiscordOptions {
  clock?: Clock;
  /** Default: a free one. */
  port?: number;
  /** Shaped like a real one; the first part is the base64 of the bot's id. */
  token?: string;
  /** Default true; false for load tests. */
  rateLimits?: boolean;
  /** Default 41,250, as Discord's. */
  heartbeatIntervalMs?: number;
  sharding?: ShardingOptions;
  /** Serves TLS only, under the name of the certificate. */
  tls?: Tls;
}

export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const { clock = createClock(), heartbeatIntervalMs = 41_250 } = options;
  const { tls } = options;
  const server = tls ? createSecureServer(tls) : createServer();
  const { port } = await listen(server, options.port ?? 0);
  const origin = originAt(port, tls);
  const gatewayUrl = `${origin.replace(/^http/, 'ws')}/gateway`;

  const world = createWorld(clock, (nextId) => populate(nextId, clock.now(), botIdOf(options.token)));
  world.events.setMaxListeners(0);
  const token = options.token ?? tokenFor(world.bot.id);
  const cdn = createCdn({ origin, clock, nextId: world.nextId });
  const interactions = createInteractionRegistry(world);
  const listeners: ((interaction: Interaction) => void)[] = [];
  const begun = (interaction: Interaction) => {
    for (const listener of listeners) listener(interaction);
  };
  const sharding = createSharding(world, {
    ...(options.rateLimits === false && { identifyPauseMs: 0 }),
    ...options.sharding,
  });
  const gateway = createGateway({
    server,
    world,
    sign: cdn.sign,
    token,
    url: gatewayUrl,
    heartbeatIntervalMs,
    sharding,
  });
  const rest = createRestFaults();
  const gatewayInfo = () => ({ url: gatewayUrl, ...sharding.info() });
  const context = { world, cdn, interactions, gatewayInfo };
  const app = createRestServer({
    ...context,
    token,
    faults: rest,
    rateLimits: options.rateLimits === false ? undefined : createRateLimits(clock),
    routes: [lookupRoutes, commandRoutes, callbackRoutes, webhookRoutes, messageRoutes].flatMap((routes) =>
      routes(context),
    ),
  });
  server.on('request', getRequestListener(app.fetch));

  const requests: RecordedRequest[] = [];
  world.events.on('request', (request) => requests.push(request));
  const people = peopleOf(world);
  const { places } = world;
  const guild = guildOf(world, places.channel);
  if (!guild) throw new Error('the world lacks its guild');

  return {
    apiUrl: `${origin}/api`,
    token,
    applicationId: world.bot.id,
    clock,
    bot: world.bot,
    guild: guild.profile,
    ...places,
    people,
    setInstallation(installation) {
      world.installation = installation;
    },
    handOverTo(team) {
      world.team = teamOf(world.nextId, team);
    },
    addServer: (name) => addServer(world, name),
    addPerson: (username, guilds) => addPerson(world, username, guilds),
    addBot: (username, guilds) => addBot(world, username, guilds),
    dm: (user, other) => directMessagesWith(world, user, other),
    commands: (guildId) => commandsOf(world, guildId),
    ready: (signal) =>
      untilReady(world.events, () => gateway.hasReadySession() && world.commands.size > 0, signal),
    interact: createInteract(
      { world, cdn, interactions, gateway, begun },
      { user: people.alice, channel: places.channel },
    ),
    say: createSay(world, cdn),
    messages: (channelId) =>
      [...world.messages.values()].filter(
        (message) => channelId === undefined || message.channel_id === channelId,
      ),
    fetched: cdn.fetched,
    shown: (message) => present(message, cdn.sign),
    on: (event, listener) => subscribe(world.events, event, listener),
    onInteraction: (listener) => void listeners.push(listener),
    requests,
    faults: createFaults({ world, gateway, interactions, rest }),
    async close() {
      gateway.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server.address() as AddressInfo));
  });
}

function botIdOf(token: string | undefined): string | undefined {
  const id = Buffer.from(token?.split('.')[0] ?? '', 'base64').toString();
  return /^\d{17,20}$/.test(id) ? id : undefined;
}

function tokenFor(botId: string): string {
  return `${Buffer.from(botId).toString('base64url')}.${randomBytes(4).toString('base64url')}.${randomBytes(28).toString('base64url')}`;
}

function subscribe<Name extends keyof DiscordEvents>(
  events: EventEmitter<DiscordEvents>,
  event: Name,
  listener: (...args: DiscordEvents[Name]) => void,
): () => void {
  const handler = listener as Parameters<typeof events.on<Name>>[1];
  events.on(event, handler);
  return () => events.off(event, handler);
}

async function untilReady(
  events: EventEmitter<DiscordEvents>,
  isReady: () => boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  while (!isReady()) {
    const options = signal ? { signal } : {};
    await Promise.race([once(events, 'session', options), once(events, 'commands', options)]);
  }
}
