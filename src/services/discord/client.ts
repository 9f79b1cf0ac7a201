import {
  Client,
  ClientUser,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  Options,
  Partials,
  type RESTOptions,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import type { GatewayRelay } from '../proxy/gateway-relay.ts';
import { askAtStart, asStartProblem } from './ask-at-start.ts';
import { askForGateway } from './gateway/ask-for-gateway.ts';
import { describeEnding, type Ending } from './gateway/close-codes.ts';
import { GATEWAY_TIMES, type GatewayTimes } from './gateway/patience.ts';
import { createPatientStrategy } from './gateway/strategy.ts';
import { guardPayloads } from './guarded-payloads.ts';
import type { InvalidAnswers } from './invalid-answers.ts';
import { DiscordRest } from './rest.ts';
import type { Shards } from './sharding.ts';

/** The time for one request to Discord, in milliseconds; enough to upload an image of 10 MiB over a slow line. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The gateway and REST client, pointed at `apiUrl`. A message pings nobody unless it explicitly allows the mention. */
export function createDiscordClient(options: {
  apiUrl: string;
  shards: Shards;
  /** How many requests with the bot's token this process sends a second; discord.js's own 50 where it isn't set. */
  restPerSecond?: number;
  log: Logger;
  invalid: InvalidAnswers;
  gatewayTimes?: GatewayTimes;
  /** The bot connects to this relay instead of the gateway's own address. */
  relay?: GatewayRelay | null;
  agent?: RESTOptions['agent'];
}): Client {
  const {
    apiUrl,
    shards,
    restPerSecond,
    log,
    invalid,
    gatewayTimes: times = GATEWAY_TIMES,
    relay = null,
    agent = null,
  } = options;
  /** Emits the event that discord.js emits for a shard that Discord refuses for good. */
  const givenUp = (shard: number, ending: Ending) =>
    client.emit(
      Events.ShardDisconnect,
      { code: GIVEN_UP, reason: describeEnding(ending), wasClean: false },
      shard,
    );
  const client: Client = new Client({
    intents: [GatewayIntentBits.Guilds],
    ...(shards === 'auto' ? { shards } : { shards: shards.ids, shardCount: shards.count }),
    // For threads that the bot isn't a member of: only the interaction tells their parent.
    partials: [Partials.Channel],
    allowedMentions: { parse: [], repliedUser: false },
    // Interactions wait for this, and Discord gives them only 3 s: an unavailable server must not use those up.
    waitGuildTimeout: 1000,
    ws: { buildStrategy: (manager) => createPatientStrategy(manager, { times, log, givenUp, relay }) },
    rest: {
      api: apiUrl,
      version: '10',
      timeout: REQUEST_TIMEOUT_MS,
      ...(restPerSecond !== undefined && { globalRequestsPerSecond: restPerSecond }),
      agent,
      // Every interaction's token gets its own queue, which discord.js would keep for an hour.
      handlerSweepInterval: 15_000,
    },
    // The ledger is the bot's memory, so that discord.js needs to cache nothing that passes by.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      GuildMemberManager: 0,
      UserManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
    }),
  });
  client.rest = new DiscordRest(client.options.rest ?? {}, { log, invalid });
  guardPayloads(client, log);
  client.on('error', (err) => log.error({ err }, 'discord.js reported an error'));
  client.on('warn', (message) => log.warn(message));
  client.rest.on('rateLimited', ({ method, route, global, timeToReset }) =>
    log.warn({ method, route, global, timeToReset }, 'requests to Discord are held back'),
  );
  return client;
}

/** A shard's connection has ended for good: Discord refuses it, or the bot has tried in vain for a long time. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';

  constructor(shard: number, { code, reason }: { code: number; reason: string }) {
    super(
      code === GIVEN_UP
        ? `shard ${shard} of the gateway connection has not worked for a long time (${reason}). Check the connection of this machine and https://discordstatus.com, and start the bot again.`
        : `Discord refuses shard ${shard} of the gateway connection (${code}): ${WHY_REFUSED[code] ?? UPDATE}.`,
    );
  }
}

/** Not one of Discord's close codes: the bot uses it for a shard that it gives up. */
const GIVEN_UP = 4999;

/** All other close codes are about messages that the bot sends to the gateway. */
const UPDATE = 'update the bot';
const WHY_REFUSED: Record<number, string> = {
  [GatewayCloseCodes.AuthenticationFailed]:
    'it does not accept DISCORD_TOKEN; copy it again from https://discord.com/developers/applications',
  [GatewayCloseCodes.InvalidShard]: 'there is no such shard; check SHARDS',
  [GatewayCloseCodes.ShardingRequired]:
    'the bot is in more servers than so few shards may have; set SHARDS=auto',
  [GatewayCloseCodes.InvalidAPIVersion]: `it no longer speaks this version of the gateway; ${UPDATE}`,
  [GatewayCloseCodes.InvalidIntents]: `it does not know the intents that the bot asks for; ${UPDATE}`,
  [GatewayCloseCodes.DisallowedIntents]: `it does not allow the intents that the bot asks for; ${UPDATE}`,
};

/**
 * Calls back when Discord has ended a shard's connection for good (a token reset, or more servers than one shard may
 * have). The other shards may still work, but the servers of this one would get no answer any more. A restart helps,
 * because it asks Discord for the number of shards again.
 */
export function onceLost(client: Client, log: Logger, lost: () => void): void {
  client.once('shardDisconnect', (ending, shard) => {
    log.fatal({ shard, code: ending.code }, `${new GatewayRefusal(shard, ending).message} Stopping.`);
    lost();
  });
}

/**
 * Gives the client the token, and fetches the bot's user by REST, so that work without the gateway needn't wait for it.
 * Throws what {@link askForGateway} throws: a wrong token, no connection.
 */
export async function logIn(client: Client, token: string, log: Logger): Promise<void> {
  await askForGateway(client.rest, token, log);
  const user = await askAtStart(client.rest, { route: Routes.user(), token, schema: ownUser });
  // discord.js creates the user like this from READY, and will then update this one.
  client.user = Reflect.construct(ClientUser, [client, user]) as ClientUser;
}

const ownUser = z.looseObject({ id: z.string().regex(/^\d+$/), username: z.string() });

/**
 * Connects to the gateway, and waits until the client knows the servers of every shard. Throws {@link GatewayRefusal},
 * what {@link askForGateway} throws (discord.js asks again), or what discord.js throws.
 */
export async function connect(client: Client, token: string): Promise<Client<true>> {
  const ready = Promise.withResolvers<Client<true>>();
  const refused = (ending: { code: number; reason: string }, shard: number) =>
    ready.reject(new GatewayRefusal(shard, ending));
  client.once('clientReady', ready.resolve).once('shardDisconnect', refused);
  // Discord may refuse one shard while others still wait for their turn to log in.
  const login = client.login(token).catch((error) => {
    throw asStartProblem(error, token);
  });
  const [connected] = await Promise.all([ready.promise, login]);
  client.off('shardDisconnect', refused);
  return connected;
}

/** Disconnects from the gateway for good. */
export async function disconnect(client: Client): Promise<void> {
  // Otherwise the closing connection would be logged as lost.
  client.removeAllListeners('shardDisconnect');
  await client.destroy();
}
